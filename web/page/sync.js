// What this person sees and says: folds what is heard into the store, and sends what waits there until it is answered.
// Every tab reads and writes the store; the one that has its turn holds the link, and tells the others.
// What a first minute does not need is in owner.js (whose device this is) and changes.js (what alters the log).
import {between, change, keepValue, keptValue, listeners, openStore, tell, takeTurn} from './store.js';
import {connect, disconnect, renew, say, wake} from './link.js';
import {draftOf, readFrames, wireOf} from './wire.js';
import {readDictionary} from './squeeze.js';

const MOST_KEPT = 500, MOST_SAID = 2000, HIDDEN_SECONDS = 45;
const REASONS = {4003: 'budget', 4500: 'signed_out', 4503: 'suspended', 4506: 'upgrade'};
const root = document.documentElement;
const putOff = new Set();
let line, release, isQueued, hiddenAt, dictionary;

// What to ask an older page of: conversations, by slot.
export const wanted = new Set();
export const seconds = () => Date.now() / 1e3;
export const on = (name, hear) => (listeners[name] = listeners[name] || []).push(hear);

// Whose turn it is.

export async function start() {
  await openStore();
  let person = await me();
  // A browser may forget what scripts stored, and keep the cookie.
  if (!person && !await keptValue('owner')) {
    person = await rest('GET', '/api/v1/me').catch(() => null);
    if (person) await keep(person);
  }
  addEventListener('online', () => release && renew());
  document.addEventListener('visibilitychange', attend);
  on('in', attend);
  on('out', letGo);
  on('pump', pump);
  on('want', slot => (wanted.add(slot), pump()));
  attend();
  return {state: person ? 'in' : 'out'};
}

// The link is held by a tab that somebody looks at, and a little longer.
export async function attend() {
  if (document.hidden) {
    hiddenAt = seconds();
    setTimeout(() => document.hidden && letGo(), HIDDEN_SECONDS * 1e3);
  } else if (release) {
    if (seconds() - hiddenAt > HIDDEN_SECONDS) renew();
    else wake();
    hiddenAt = null;
  } else if (!isQueued && await me()) {
    isQueued = true;
    await takeTurn(hold, letGo);
    isQueued = false;
    if (!document.hidden) attend();
  }
}

export function letGo() {
  if (release) release();
}

async function hold() {
  if (document.hidden || !await me()) return;
  const held = new Promise(done => release = done);
  connect({openWire, hear, ready, state, calm: number => keepValue('calm', number)});
  await held;
  release = line = null;
  disconnect();
}

async function state(link, code) {
  tell('status', {link, reason: REASONS[code] || null});
  if (code == 4500) (await import('./owner.js')).signedOut();
}

// The language's dictionary of short messages; without it they are longer.
async function fetchDictionary() {
  const file = (root.dataset.dictionaries || '').split(' ').find(name => name && name.startsWith(root.lang));
  try {
    const answer = await fetch(`/lite/${file}.bin`);
    return file && {...readDictionary(new Uint8Array(await answer.arrayBuffer())), name: file.split('-')[0]};
  } catch (problem) {}
}

// A POST says at once what is due: it cannot wait for the welcome.
async function openWire(isPost) {
  dictionary = dictionary || await fetchDictionary();
  return change(async run => {
    const value = name => run('kept', 'get', name), cards = await run('cards', 'getAll');
    const wire = wireOf(await value('life'), await value('device'), cards, dictionary ? [dictionary] : []);
    wire.calm = await value('calm') || 0;
    wire.page = root.dataset.page;
    wire.said = isPost && wire.cursor ? (await due(run, wire)).said : [];
    return wire;
  });
}

// What is heard.

async function hear(wire, bytes) {
  const frames = readFrames(bytes, wire), news = [], slots = new Set();
  const needs = frames.some(({type, target, ref}) => target || type == 'page' || (wire.asked[ref] || {}).target) && await import('./changes.js');
  const afresh = frames[0].life != null && await import('./owner.js');
  await change(async run => {
    for (const frame of frames) if (TAKE[frame.type]) await TAKE[frame.type](frame, run, {wire, slots, news, afresh, needs});
    for (const slot of slots) if (needs) await needs.fold(run, slot);
  });
  news.forEach(([name, value]) => tell(name, value));
  slots.forEach(slot => tell('talk', slot));
  if (slots.size) tell('list');
  return frames.some(({type}) => /entry|head|marks|card/.test(type));
}

function ready(wire) {
  line = wire;
  pump();
}

// Marks rise; one that somebody keeps to themselves is unknown again.
const higher = (mark, old = {}) => ({
  delivered: Math.max(mark.delivered, old.delivered || 0),
  read: mark.read == null ? null : Math.max(mark.read, old.read || 0),
});

export function answered(ref, {asked}) {
  const command = asked[ref];
  delete asked[ref];
  return command || {};
}

// Store an entry and how far the log goes with it; a draft of it has done its work.
async function arrive(entry, run, {slots}) {
  const {slot, seq, draft} = entry, card = await run('cards', 'get', slot) || {slot};
  if (seq <= card.cursor) return;
  slots.add(slot);
  run('log', 'put', entry);
  run('log', 'delete', between(slot, 0, seq - MOST_KEPT));
  run('cards', 'put', {...card, cursor: seq});
  if (draft) for (const {id, ...mine} of await run('drafts', 'getAll')) if (mine.draft == draft) run('drafts', 'delete', id);
}

// What an upload answered, as an entry tells it.
const shownMedia = ({kind, small, large, width, height, seconds}) => [+(kind == 'voice'), small, large, null, width, height, seconds];

const TAKE = {
  async welcome({life, device, person, heartbeat}, run, {wire, afresh}) {
    wire.heartbeat = heartbeat;
    if (life == null) return;
    await afresh.startAfresh(person, run);
    if (await run('kept', 'get', 'device') != device) run('kept', 'put', Math.floor(Math.random() * 2 ** 31), 'count');
    run('kept', 'put', life, 'life');
    run('kept', 'put', device, 'device');
    run('kept', 'put', person, 'owner');
  },

  async entry(entry, run, heard) {
    if (entry.is_known) return;
    if (entry.is_first) run('log', 'delete', between(entry.slot));
    await arrive(entry, run, heard);
  },

  // When entries of others are still to come before it, the draft waits for its own.
  async sent({ref, seq, at, is_next}, run, {wire, slots, ...heard}) {
    const {slot, kind, body, target, draft, id, media} = answered(ref, wire), found = id && await run('drafts', 'get', id);
    if (!found) return;
    slots.add(slot);
    const {cursor, you} = await run('cards', 'get', slot);
    if (is_next) await arrive({slot, seq, at, kind, body, target, draft, author: you, media: media && shownMedia(media)}, run, {slots});
    else if (seq > cursor) run('drafts', 'put', {...found, seq});
    else run('drafts', 'delete', id);
  },

  async error({ref, code, retry_after}, run, {wire, slots}) {
    const {id, slot} = answered(ref, wire);
    if (retry_after || /try_again|too_fast|not_resumed/.test(code)) {
      putOff.add(id || slot);
      setTimeout(() => (putOff.delete(id || slot), pump()), (retry_after || 5) * 1e3);
    } else if (id) {
      run('drafts', 'put', {...await run('drafts', 'get', id), code});
      slots.add(slot);
    } else wanted.delete(slot);
  },

  async page(frame, run, heard) {
    await heard.needs.takePage(frame, run, heard);
  },

  async card(card, run, {slots}) {
    const {slot, id, first_seq} = card, old = await run('cards', 'get', slot) || {};
    const members = card.members.map(member => ({...member, ...higher(member, (old.members || []).find(({number}) => number == member.number))}));
    run('log', 'delete', between(slot, 0, first_seq - 1));
    run('cards', 'put', {...card, members, id: id || old.id, seen: old.seen || 0});
    slots.add(slot);
  },

  // One's own read mark is as the server says: what it missed is said again.
  async marks({slot, marks}, run, {slots}) {
    const card = await run('cards', 'get', slot);
    for (const mark of marks) {
      const member = card.members.find(({number}) => number == mark.number);
      if (member) Object.assign(member, higher(mark, mark.number == card.you ? {} : member));
    }
    run('cards', 'put', card);
    slots.add(slot);
  },

  head(frame, run, {wire}) {
    wire.hasMore = true;
  },

  bye({retry_after}, run, {wire}) {
    wire.after = retry_after;
  },

  budget({step, used, budget}, run, {news}) {
    news.push(['budget', {step, used, budget}]);
  },

  upgrade(frame, run, {news}) {
    news.push(['status', {link: 'on', reason: 'upgrade'}]);
  },
};

// What is said.

// One draft at a time of each conversation, the oldest; what was seen; older pages. Each is asked once on a wire.
async function due(run, wire) {
  const asked = Object.values(wire.asked), said = [], busy = new Set();
  const cards = await run('cards', 'getAll');
  let size = 0, isLazy = true;
  const ask = command => {
    command.ref = 1;
    while (wire.asked[command.ref]) command.ref++;
    wire.asked[command.ref] = command;
    said.push(command);
    isLazy = false;
  };
  for (const draft of await run('drafts', 'getAll')) {
    const {slot} = cards.find(({id}) => id == draft.of) || {};
    if (!slot || draft.seq || draft.code || busy.has(slot)) continue;
    busy.add(slot);
    if (putOff.has(draft.id) || asked.some(({id}) => id == draft.id) || size > MOST_SAID) continue;
    size += (draft.body || '').length;
    ask({...draft, slot, type: draft.kind == 'message' ? 'send' : draft.kind});
  }
  for (const card of cards) {
    const {slot, you, seen, members} = card, mine = members.find(({number}) => number == you);
    if (wanted.has(slot) && !putOff.has(slot) && !asked.some(one => one.type == 'history' && one.slot == slot)) {
      const [first] = await run('log', 'getAll', between(slot), 1);
      if (first) ask({type: 'history', slot, before: first.seq});
    }
    if (mine && seen > (mine.read || 0)) {
      mine.read = seen;
      run('cards', 'put', card);
      said.push({type: 'read', slot, seq: seen});
    }
  }
  return {said, isLazy};
}

async function pump() {
  const wire = line;
  if (!release) return;
  if (!wire || !wire.isReady) return wake();
  const {said, isLazy} = await change(run => due(run, wire));
  if (said.length && wire.isReady) say(said, isLazy);
}

export async function store(slot, draft) {
  await change(async run => {
    const {id} = await run('cards', 'get', slot), device = await run('kept', 'get', 'device');
    const count = (await run('kept', 'get', 'count') || 0) + 1;
    run('kept', 'put', count, 'count');
    run('drafts', 'put', {...draft, of: id, at: Math.floor(seconds()), draft: draftOf(device, count)});
  });
  tell('talk', slot);
  tell('pump');
}

export async function send(slot, text, media) {
  const body = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '').trim();
  if (body || media) await store(slot, {kind: 'message', body, media, code: [...body].length > MOST_SAID ? 'body_too_long' : undefined});
}

// Only what others said is worth telling that it was seen.
export async function read(slot, seq) {
  const isNews = await change(async run => {
    const card = await run('cards', 'get', slot), lines = await run('log', 'getAll', between(slot, card.seen + 1, seq));
    if (lines.every(({author}) => author == card.you)) return false;
    return run('cards', 'put', {...card, seen: seq});
  });
  if (isNews) tell('list'), tell('pump');
}

// What is shown.

const isShown = ({kind}) => /message|join|leave|close|meeting/.test(kind);

export const conversations = () => change(async run => {
  const all = [];
  for (const card of await run('cards', 'getAll')) {
    const {slot, id, you, cursor, members, read_seq} = card;
    if (!id) continue;
    const mine = members.find(({number}) => number == you) || {};
    const seen = Math.max(card.seen, read_seq || 0, mine.read || 0);
    const lines = (await run('log', 'getAll', between(slot, Math.min(seen, cursor - 50)))).filter(isShown);
    const unread = lines.filter(({seq, kind, author, retracted_seq}) => seq > seen && kind == 'message' && author != you && !retracted_seq).length;
    all.push({...card, unread, last: lines.pop() || null});
  }
  return all.sort((a, b) => (b.last ? b.last.at : 0) - (a.last ? a.last.at : 0));
});

export const entries = (slot, before, limit) => change(async run => {
  const {id, you, members} = await run('cards', 'get', slot);
  const others = members.filter(({number, left}) => number != you && !left);
  const isUpTo = (mark, seq) => others.length && others.every(member => member[mark] >= seq);
  const lines = (await run('log', 'getAll', between(slot, 0, before ? before - 1 : undefined))).filter(isShown).slice(-limit).map(entry => ({
    ...entry,
    edited: !!entry.edited_seq,
    retracted: !!entry.retracted_seq,
    mark: entry.author != you ? null : isUpTo('read', entry.seq) ? 'read' : isUpTo('delivered', entry.seq) ? 'delivered' : 'sent',
  }));
  const drafts = before ? [] : (await run('drafts', 'getAll')).filter(({of}) => of == id);
  return [...lines, ...drafts.map(({id, at, body, kind, code, target, media}) => ({draft: id, at, body, kind, target, media, code, state: code ? 'failed' : 'waiting'}))];
});

// The words in the box, under the conversation itself: a slot may come to mean another one.
const typedOf = async (run, slot) => 'typed.' + (await run('cards', 'get', slot)).id;
export const typed = slot => change(async run => run('kept', 'get', await typedOf(run, slot)));
export const keepTyped = (slot, text) => change(async run => run('kept', 'put', text, await typedOf(run, slot)));

export const me = () => keptValue('me');

export const keep = person => change(run => (run('kept', 'put', person.id, 'owner'), run('kept', 'put', person, 'me')));

export async function rest(method, path, body) {
  const options = {method, credentials: 'same-origin'};
  if (body) Object.assign(options, {headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  const answer = await fetch(path, options).catch(() => ({status: 0}));
  const said = answer.status == 204 || !answer.json ? {} : await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw {code: said.code, status: answer.status, retry_after: said.retry_after, ...said};
}

// On first use.

const changes = name => async (...given) => (await import('./changes.js'))[name](...given);
const owner = name => async (...given) => (await import('./owner.js'))[name](...given);
export const more = changes('fetchMore');
export const edit = changes('editEntry');
export const retract = changes('retractEntry');
export const retry = changes('retryDraft');
export const discard = changes('discardDraft');
export const enrolled = owner('takeOver');
export const signOut = owner('leaveDevice');
export const wipe = owner('wipeAll');
