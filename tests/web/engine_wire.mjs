// The wire: what is said on both sides in the same bytes, and what nobody should have said.
import {readFileSync} from 'node:fs';
import {check, equal, ok} from './checks.mjs';
import {pack, unpack, wire} from './page.mjs';

const VECTORS = JSON.parse(readFileSync(new URL('../vectors/frames.json', import.meta.url)));
const NOT_SAID_HERE = ['conversations', 'mute', 'leave'];
const NOT_OF_THE_WIRE = ['isNew', 'isAhead'];
const from = hex => new Uint8Array(Buffer.from(hex, 'hex'));

const wireOf = ({at, device, places}) => ({...wire.wireOf(null, device, [], [{}, {}]), at, places: structuredClone(places)});

function plain(frame) {
  const left = Object.entries(frame).filter(([name, value]) => value != null && !NOT_OF_THE_WIRE.includes(name));
  const found = Object.fromEntries(left.map(([name, value]) => [name, name == 'entries' ? value.map(plain) : value]));
  if (found.type == 'card') delete found.cursor, found.members = found.members.map(({...member}) => Object.fromEntries(Object.entries(member).filter(([, value]) => value != null)));
  return found;
}

// Commands as the page holds them; what is about a meeting says itself how.
const [, meet, held] = readFileSync(new URL('../../web/page/meet.js', import.meta.url), 'utf8').match(/MEET = '([^']*)', HELD = '([^']*)'/);
const [, flag, escalate] = readFileSync(new URL('../../web/page/safe.js', import.meta.url), 'utf8').match(/FLAG = '([^']*)', ASK = '([^']*)'/);
export const LAYOUTS = {meet, held, flag, escalate};
const command = ({type, media, cursor, ...rest}) => ({
  ...rest, type: type == 'send' ? 'message' : type, media: media && [...Array(7), media], cursor: cursor && from(cursor), layout: LAYOUTS[type],
});

for (const {name, direction, given, packed, means} of VECTORS) {
  const all = [means].flat();
  if (direction == 'down') check(`reads: ${name}`, () => {
    const frames = wire.readFrames(from(packed), wireOf(given)).map(plain);
    equal(frames, all.map(frame => JSON.parse(JSON.stringify(frame))));
  });
  else if (!NOT_SAID_HERE.includes(means.type)) check(`says: ${name}`, () => {
    const bytes = wire.writeFrames(all.map(command), {...wireOf(given), dictionaries: []});
    equal(Buffer.from(bytes).toString('hex'), packed);
  });
}

check('a hole, and a place in no log, are malformed', () => {
  const given = {at: 0, device: null, places: {1: {cursor: 4, you: 1}}};
  for (const frame of [[1, 0, 'x', null, null, 6], [1, 0, 'x', null, null, 0.5], [1, 0, 'x', null, null, -1], [9, 0, 'x'], [1, 0, 7]]) {
    let said;
    try {
      said = wire.readFrames(pack(frame.map(one => one == 0.5 ? 'five' : one)), wireOf(given));
    } catch (problem) {
      said = problem.message;
    }
    equal(said, 'malformed');
  }
});

check('a cursor says how far each conversation is stored, and what is known of its marks', () => {
  const members = [{number: 1, delivered: 9, read: 3}, {number: 2, delivered: 65535, read: null}, {number: 3, delivered: 4, read: 2}];
  const {cursor} = wire.wireOf(7, 'x', [{slot: 1, cursor: 41, stamp: 5, you: 1, members}], []);

  equal(unpack(cursor), [7, 1, 41, 5, 8]);
  equal(wire.wireOf(null, 'x', [], []).cursor, undefined);
});

check('whatever bytes come, they are read or they are malformed', () => {
  let state = 4711;
  const random = below => (state = (state * 1103515245 + 12345) % 2 ** 31) % below;
  const starts = VECTORS.map(({packed, given}) => [from(packed), given]);
  for (let i = 0; i < 40000; i++) {
    const [start, given] = starts[random(starts.length)];
    const bytes = Uint8Array.from(start);
    for (let times = 1 + random(4); times--;) bytes[random(bytes.length)] = random(256);
    try {
      const frames = wire.readFrames(random(3) ? bytes : bytes.slice(0, random(bytes.length + 1)), wireOf(given));
      ok(Array.isArray(frames));
    } catch (problem) {
      equal(problem.message, 'malformed');
    }
  }
});
