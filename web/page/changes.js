// What alters the log, or drafts that stand: loaded on first use.
import {answered, on, store, wanted} from './sync.js';
import {between, change, tell} from './store.js';
import {draftOf} from './wire.js';

const PAGE_SECONDS = 20;
const waiting = {};

on('page', ([slot, more]) => waiting[slot] && waiting[slot](more));

// Bring every target that is here up to date with what alters it. That leaves the altering entry, so that it alters once and no words stay twice;
// an edit whose target is not here keeps its words for when an older page brings it, unless it was taken back meanwhile.
export async function fold(run, slot) {
  const lines = await run('log', 'getAll', between(slot)), places = new Map(lines.map(line => [line.seq, line])), touched = new Set();
  const forget = line => {
    if (line.body != null || line.media) touched.add(line);
    delete line.body;
    delete line.media;
  };
  for (const altering of lines) {
    const {kind, target, seq, body} = altering, line = places.get(target);
    if (!target) continue;
    const isGone = kind == 'retract' || kind == 'hide';
    if (isGone) lines.filter(one => one.seq == target || one.target == target).forEach(forget);
    if (!line) continue;
    if (kind == 'retract') line.retracted_seq = line.retracted_seq || seq;
    else if (!isGone && body != null && !line.retracted_seq && seq > (line.edited_seq || 0)) {
      line.body = body;
      if (kind == 'edit') line.edited_seq = seq;
    }
    forget(altering);
    delete altering.target;
    touched.add(line).add(altering);
  }
  touched.forEach(line => run('log', 'put', line));
}

// A page is taken when it ends where the log begins.
export async function takePage({ref, entries, more}, run, {wire, slots, news}) {
  const {slot} = answered(ref, wire), [first] = await run('log', 'getAll', between(slot), 1);
  const last = entries[entries.length - 1];
  wanted.delete(slot);
  if (last && first && last.seq + 1 == first.seq) for (const entry of entries) run('log', 'put', entry);
  slots.add(slot);
  news.push(['page', [slot, !!more]]);
}

// Whether there is still more behind what came.
export async function fetchMore(slot) {
  const hasMore = await change(async run => {
    const [first] = await run('log', 'getAll', between(slot), 1), {first_seq} = await run('cards', 'get', slot);
    return first && first.seq > first_seq;
  });
  return hasMore && new Promise(done => {
    waiting[slot] = done;
    setTimeout(() => done(true), PAGE_SECONDS * 1e3);
    tell('want', slot);
  });
}

export const editEntry = (slot, target, body) => store(slot, {kind: 'edit', target, body: body.trim()});

export const retractEntry = (slot, target) => store(slot, {kind: 'retract', target});

async function alter(id, work) {
  await change(async run => {
    const draft = await run('drafts', 'get', id);
    if (draft) await work(run, draft);
  });
  tell('list');
  tell('pump');
}

// An id that carried something else is not used again.
export const retryDraft = id => alter(id, async (run, {code, ...draft}) => {
  if (code == 'draft_reused') {
    const count = await run('kept', 'get', 'count') + 1;
    run('kept', 'put', count, 'count');
    draft.draft = draftOf(await run('kept', 'get', 'device'), count);
  }
  run('drafts', 'put', draft);
});

export const discardDraft = id => alter(id, run => run('drafts', 'delete', id));
