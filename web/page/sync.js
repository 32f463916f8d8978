// What this person says: it waits in the store, and is said until it is answered. What is heard is in hearing.js, what is shown in showing.js.
// Every tab reads and writes the store; the one that has its turn holds the link, and tells the others.
// What few visits need is loaded when they do: changes.js (what alters the log), owner.js (whose device this is), post.js, turns.js;
// and beside its dictionary, while the first screen is used already, squeeze.js.
import {change, keptValue, linesOf, listeners, openStore, tell} from './store.js';
import {after, disconnect, renew, say, seconds, wake} from './link.js';
import {draftOf, wireOf} from './wire.js';
import {memberOf} from './hearing.js';

const MOST_SAID = 2000, OLD_SECONDS = 60, READY_SECONDS = 10, PATIENCE_SECONDS = 5;
const REASONS = {4003: 'budget', 4500: 'signed_out', 4503: 'suspended', 4506: 'upgrade'};
const root = document.documentElement;
let line, release, isQueued, hiddenAt, dictionary, fetching;

export const on = (name, hear) => (listeners[name] = listeners[name] || []).push(hear);
const changes = name => async (...given) => (await import('./changes.js'))[name](...given);
const owner = name => async (...given) => (await import('./owner.js'))[name](...given);

// Whose turn it is.

// Whose token this browser has, says a cookie that scripts may read. Somebody may have come or gone by another way, as the pages without scripts.
export const whose = () => document.cookie.replace(/.*maatje-who=(\w+).*|.*/, '$1');

const isKnown = () => change(async run => await run('kept', 'get', 'me') && await run('kept', 'get', 'who') == whose());

export async function start() {
  await openStore();
  const isIn = await isKnown();
  addEventListener('online', () => release ? renew() : attend());
  document.addEventListener('visibilitychange', attend);
  on('in', () => release ? renew() : attend());
  on('out', letGo);
  on('pump', pump);
  attend();
  // Whoever is offline must be able to take words back, and to sign out. Who is still typing a code has the dictionary before the first wire.
  after(READY_SECONDS, () => Promise.all([import('./changes.js'), import('./owner.js'), haveDictionary()]).catch(() => 0));
  return {state: isIn ? 'in' : 'out'};
}

// The tab that somebody looks at takes the link, from a frozen one too, and keeps it when hidden: to close and to open again would cost 3,000 bytes.
async function attend() {
  if (document.hidden) hiddenAt = seconds();
  else if (!await isKnown()) owner('meet')().catch(() => 0);
  else if (release) wake(seconds() - hiddenAt > OLD_SECONDS);
  else if (!isQueued) {
    isQueued = true;
    if (navigator.locks) queue({steal: true});
    else (await import('./turns.js')).takeTurn(hold, letGo);
  }
}

// Who was taken over is next in line.
function queue(how) {
  navigator.locks.request('maatje', how, hold).catch(() => {
    letGo();
    queue({});
  });
}

function letGo() {
  if (release) release();
}

async function hold() {
  if (await isKnown()) {
    renew();
    await new Promise(done => release = done);
    release = line = null;
    disconnect();
  }
  isQueued = false;
}

export function state(link, code) {
  tell('status', {link, reason: REASONS[code]});
  if (code == 4500) signedOut();
}

// The language's dictionary of short messages, and what reads it: fetched once, and again by the next wire when that failed.
const haveDictionary = () => fetching = fetching || fetchDictionary().catch(() => fetching = 0);

async function fetchDictionary() {
  const [file] = (root.dataset.dictionaries || '').match(RegExp(root.lang + '\\d\\S+')) || [];
  const [answer, codec] = file ? await Promise.all([fetch(`/lite/${file}.bin`), import('./squeeze.js')]) : [];
  if (answer && answer.ok) dictionary = {...codec, ...codec.readDictionary(new Uint8Array(await answer.arrayBuffer())), name: file.split('-')[0]};
}

// Without a dictionary messages are longer all the time that the wire lives, so it waits for that, but not long.
// A POST says at once what is due: it cannot wait for the welcome.
export async function openWire(isPost) {
  if (!dictionary) await Promise.race([haveDictionary(), new Promise(done => after(PATIENCE_SECONDS, done))]);
  return change(async run => {
    const [life, device, calm = 0] = await Promise.all(['life', 'device', 'calm'].map(name => run('kept', 'get', name)));
    const wire = wireOf(life, device, await run('cards', 'getAll'), dictionary ? [dictionary] : []);
    Object.assign(wire, {calm, page: root.dataset.page, said: isPost && wire.cursor ? await due(run, wire) : []});
    wire.isReady = isPost;
    return line = wire;
  });
}

// What is said.

// The oldest draft of each conversation, one at a time and no more at once than fits a message; an older page that is wanted; what was seen.
// What is answered is asked once on a wire, under a small number. What was seen goes with the next POST, and begins none.
async function due(run, {asked, isReady, socket}) {
  const cards = await run('cards', 'getAll'), said = [], busy = {};
  let room = MOST_SAID;
  const ask = (key, command) => {
    let ref = 1;
    if (Object.values(asked).some(one => one.key == key)) return;
    while (asked[ref]) ref++;
    said.push(asked[ref] = {...command, key, ref});
    room -= (command.body || '').length;
  };
  for (const draft of await run('drafts', 'getAll')) {
    const {of, id, seq, code, kind, until, held} = draft, card = cards.find(card => card.id == of);
    if (!card || seq || code || held > seconds() || busy[of]) continue;
    busy[of] = true;
    if (room > 0 && !(until > seconds())) ask(id, {...draft, slot: card.slot, type: kind});
  }
  for (const card of cards) {
    const {slot, you, seen, wants} = card, mine = memberOf(card, you) || {read: Infinity};
    if (wants) ask('page' + slot, {type: 'history', slot, before: wants});
    if (!(seen > (mine.read || 0)) || isReady && !socket) continue;
    mine.read = seen;
    run('cards', 'put', card);
    said.push({type: 'read', slot, seq: seen});
  }
  return said;
}

export async function pump() {
  const wire = line;
  if (!release) return;
  if (!wire || !wire.isReady) return wake();
  const said = await change(run => due(run, wire));
  if (said[0] && wire.isReady) say(said, said.every(({type}) => type == 'read'));
}

export async function newDraft(run) {
  const count = (await run('kept', 'get', 'count') || 0) + 1;
  run('kept', 'put', count, 'count');
  return draftOf(await run('kept', 'get', 'device'), count);
}

// Stored, for good, before it is tried. Words leave the box as they become a message, or both would be there after the tab was killed.
export async function write(slot, draft) {
  await change(async run => {
    const {id} = await run('cards', 'get', slot);
    if (draft.kind == 'message' && draft.body) run('kept', 'delete', 'typed.' + id);
    run('drafts', 'put', {...draft, of: id, at: Math.floor(seconds()), draft: await newDraft(run)});
  }, 'strict');
  tell('talk', slot);
  tell('pump');
}

// Text without what may not travel.
export async function send(slot, text, media) {
  const body = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '').trim();
  if (body || media) await write(slot, {kind: 'message', body, media, code: [...body].length > MOST_SAID ? 'body_too_long' : ''});
}

// Only what others said is worth telling that it was seen.
export async function read(slot, seq) {
  const isNews = await change(async run => {
    const card = await run('cards', 'get', slot), lines = await linesOf(run, slot, card.seen + 1);
    return lines.some(line => line.seq <= seq && line.author != card.you) && run('cards', 'put', {...card, seen: seq});
  });
  if (isNews) tell('list'), tell('pump');
}

// The words in the box belong to the conversation itself: its slot may come to mean another one.
const typedIn = async (run, slot) => 'typed.' + (await run('cards', 'get', slot)).id;
export const typed = slot => change(async run => run('kept', 'get', await typedIn(run, slot)));
export const keepTyped = (slot, text) => change(async run => run('kept', 'put', text, await typedIn(run, slot)));

export const me = () => keptValue('me');

// On first use.

const signedOut = owner('signedOut');
export const more = changes('fetchMore'), edit = changes('editEntry'), retract = changes('retractEntry');
export const retry = changes('retryDraft'), discard = changes('discardDraft');
export const enrolled = owner('takeOver'), recognise = owner('recognise'), keep = owner('keepPerson'), rest = owner('callServer'), signOut = owner('leaveDevice');
