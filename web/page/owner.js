// Whose device this is: loaded when somebody comes or goes, when the log begins another life, and for what is not said over the wire.
import {change, tell} from './store.js';
import {seconds} from './link.js';
import {me} from './sync.js';

const RECENT = 86400;

const clear = (run, ...stores) => (stores[0] ? stores : ['log', 'cards', 'drafts', 'kept']).forEach(name => run(name, 'clear'));
const put = (run, values) => Object.keys(values).forEach(name => run('kept', 'put', values[name], name));
const forget = (run, ...names) => names.forEach(name => run('kept', 'delete', name));

// The log begins a life on this device. What was stored of another life means nothing any more, and what is somebody else's goes, unsent words too.
export async function begin({life, device, person, now}, run) {
  const owner = await run('kept', 'get', 'owner');
  if (owner == person) await startAfresh(run, now);
  else {
    clear(run);
    setTimeout(recognise);
  }
  // Who does not know this device any more does not know which numbers its drafts had either.
  if (await run('kept', 'get', 'device') != device) put(run, {count: Math.floor(Math.random() * 2 ** 31)});
  put(run, {life, device, owner: person});
}

// What was sent within a day may be lost with the old log: it is sent again under its own id. What alters an entry has lost its target.
async function startAfresh(run, now) {
  const drafts = await run('drafts', 'getAll'), recent = await ownSince(run, now - RECENT);
  const first = Math.min(1, ...drafts.map(({id}) => id)) - recent.length;
  recent.forEach((draft, i) => run('drafts', 'put', {...draft, id: first + i}));
  drafts.forEach(({seq, ...draft}) => run('drafts', 'put', draft.target ? {...draft, code: 'entry_not_found'} : draft));
  clear(run, 'log', 'cards');
}

// Own messages as the drafts they were; an edited one would be other words under the same id.
async function ownSince(run, since) {
  const cards = await run('cards', 'getAll'), found = [];
  for (const {slot, draft, kind, at, body, author, media, edited_seq} of await run('log', 'getAll')) {
    const {id, you} = cards.find(card => card.slot == slot) || {};
    if (draft && id && author == you && kind == 'message' && at > since && body && !media && !edited_seq) found.push({of: id, kind, at, body, draft});
  }
  return found.sort((a, b) => a.at - b.at);
}

// Somebody enrolled here. The unsent words of the same person have waited for this.
export async function takeOver({person, device}) {
  await change(async run => {
    if (await run('kept', 'get', 'owner') == person.id) await startAfresh(run, seconds());
    else clear(run);
    forget(run, 'life', 'calm');
    put(run, {count: 0, device: device.id, owner: person.id, me: person});
  });
  tell('in');
}

export const keepPerson = person => change(async run => put(run, {owner: person.id, me: person}));

// A browser may forget what scripts stored, and keep the cookie: who is asked for a code may be known already.
export async function recognise() {
  const person = await callServer('GET', '/api/v1/me').catch(() => null);
  if (person) await keepPerson(person);
  if (person) tell('in');
  return person;
}

// The session ended. What was said goes; what was not sent yet waits for the same person to come back.
export async function signedOut() {
  await change(async run => {
    clear(run, 'log', 'cards');
    forget(run, 'me', 'life', 'device', 'calm');
  });
  out();
}

function out() {
  tell('out');
  tell('status', {link: 'off', reason: 'signed_out'});
}

export async function leaveDevice() {
  await callServer('POST', '/api/v1/sign-out').catch(() => {});
  await wipeAll();
}

// Nothing of anybody stays; the files of the page do.
export async function wipeAll() {
  await change(async run => clear(run));
  out();
  if (self.caches) for (const name of await caches.keys()) if (!name.startsWith('page-')) await caches.delete(name);
  Object.keys(localStorage).filter(name => /^maatje/.test(name)).forEach(name => delete localStorage[name]);
}

export async function callServer(method, path, body) {
  const options = {method, credentials: 'same-origin'};
  if (body) Object.assign(options, {headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  const answer = await fetch(path, options).catch(() => ({})), {ok, status = 0} = answer;
  const said = answer.json && status != 204 ? await answer.json().catch(() => ({})) : {};
  if (ok) return said;
  if (said.code == 'unauthenticated' && await me()) await signedOut();
  throw {...said, status};
}
