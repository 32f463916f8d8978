// What is heard: each message of a wire goes into the store, whole, and whoever shows something of it is told.
import {between, change, tell} from './store.js';
import {readFrames} from './wire.js';

const MOST_KEPT = 500;

export async function hear(wire, bytes) {
  const frames = readFrames(bytes, wire), [first] = frames, news = wire.news = [], slots = wire.slots = new Set();
  const changing = frames.some(({type, target}) => target || /page|done|error|budget|upgrade|ed$|wait|stat/.test(type)) && await import('./changes.js');
  const afresh = first.life != null && await import('./owner.js');
  await change(async run => {
    if (afresh) await afresh.begin(first, run);
    else if (await run('kept', 'get', 'life') == null) throw 'out';
    for (const frame of frames) if (TAKE[frame.type]) await TAKE[frame.type](frame, run, wire);
    if (changing) for (const slot of slots) await changing.fold(run, slot);
  });
  slots.forEach(slot => tell('talk', slot));
  if (slots.size || afresh) tell('list');
  news.forEach(([name, value]) => tell(name, value));
  return frames.map(({type}) => type).join();
}

// Marks rise; one that somebody keeps to themselves is unknown again.
const higher = ({delivered, read}, old = {}) => ({
  delivered: Math.max(delivered, old.delivered || 0),
  read: read == null ? null : Math.max(read, old.read || 0),
});

export const memberOf = ({members}, who) => members.find(({number}) => number == who);

// An entry and how far the log goes with it are stored together; its draft has done its work. Who has all that came before their own line has that too.
async function arrive(entry, run, {slots}) {
  const {slot, seq, author} = entry, card = await run('cards', 'get', slot), member = memberOf(card, author);
  slots.add(slot);
  if (member && member.delivered == seq - 1) member.delivered = seq;
  run('log', 'put', entry);
  run('log', 'delete', between(slot, undefined, seq - MOST_KEPT));
  run('cards', 'put', {...card, slot, cursor: seq});
  if (entry.draft) for (const {id, draft} of await run('drafts', 'getAll')) if (draft == entry.draft) run('drafts', 'delete', id);
}

// What to do with each frame; changes.js adds those that come seldom.
export const TAKE = {
  entry: (entry, run, wire) => entry.isNew && arrive(entry, run, wire),

  // When entries of others come before its own, the draft waits for that.
  async sent(frame, run, wire) {
    const {id, slot, seq, isNew, isAhead, help} = frame, draft = id && await run('drafts', 'get', id);
    if (help != null) wire.news.push(['need', help]);
    if (isNew) return arrive(frame, run, wire);
    if (!draft) return;
    wire.slots.add(slot);
    if (isAhead) run('drafts', 'put', {...draft, seq});
    else run('drafts', 'delete', id);
  },

  async card(card, run, {slots}) {
    const {slot, id, first_seq} = card, old = await run('cards', 'get', slot) || {members: [], seen: 0};
    card.members.forEach(member => Object.assign(member, higher(member, memberOf(old, member.number))));
    run('log', 'delete', between(slot, undefined, first_seq - 1));
    run('cards', 'put', {...card, id: id || old.id, seen: old.seen});
    slots.add(slot);
  },

  // One's own read mark is as the server says: what it missed is said again.
  async marks({slot, marks}, run, {slots}) {
    const card = await run('cards', 'get', slot);
    for (const mark of marks) {
      const member = memberOf(card, mark.number);
      if (member) Object.assign(member, higher(mark, mark.number == card.you ? {} : member));
    }
    run('cards', 'put', card);
    slots.add(slot);
  },
};
