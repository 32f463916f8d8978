// The service worker, in the place of whose browser stands a small one: notices that come at once.
import {readFileSync} from 'node:fs';
import vm from 'node:vm';
import {check, equal} from './checks.mjs';

const CODE = readFileSync(new URL('../../web/page/sw.js', import.meta.url), 'utf8');
const slowly = value => new Promise(done => setImmediate(done, value));

class Worker {
  constructor() {
    Object.assign(this, {kept: null, shown: [], hears: {}});
    const book = {match: () => slowly(this.kept && {json: async () => JSON.parse(this.kept)}), put: (_, {text}) => slowly().then(() => this.kept = text)};
    const registration = {getNotifications: () => slowly([]), showNotification: (text, {silent}) => slowly(this.shown.push([text, silent]))};
    vm.runInNewContext(CODE, {
      caches: {open: () => slowly(book)}, registration, navigator: {language: 'nl-BE'}, Promise,
      Response: class { constructor(text) { this.text = text; } },
      addEventListener: (name, hear) => this.hears[name] = hear,
    });
  }

  // All at once; done when the last one is.
  push(...all) {
    const ends = [];
    for (const said of all) this.hears.push({data: {json: () => JSON.parse(said)}, waitUntil: end => ends.push(end)});
    return Promise.all(ends);
  }
}

check('of notices that come at once none is forgotten, so that none rings twice', async () => {
  const worker = new Worker();

  await worker.push('{"n": "a", "t": "een"}', '{"n": "b", "t": "twee"}');
  await worker.push('{"n": "a", "t": "een"}', '{"n": "b", "t": "twee"}');

  equal(worker.shown, [['een', false], ['twee', false], ['een', true], ['twee', true]]);
});

check('a notice that cannot be read is shown as a message, and those behind it as they are', async () => {
  const worker = new Worker();

  await worker.push('{', '{"n": "a", "t": "een"}', 'null');

  equal(worker.shown.map(([text]) => text), ['Je hebt een bericht.', 'een', 'Je hebt een bericht.']);
});
