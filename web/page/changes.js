// What alters the log, drafts that stand, and frames that come seldom: loaded on first use.
import {newDraft, on, write} from './sync.js';
import {TAKE} from './hearing.js';
import {after, seconds} from './link.js';
import {between, change, linesOf, tell} from './store.js';

const PAGE_SECONDS = 20, RETRY_SECONDS = 5;
const waiting = {};

on('page', ([slot, hasMore]) => waiting[slot] && waiting[slot](hasMore));

// Bring every target that is here up to date with what alters it. That leaves the altering entry, so that it alters once and no words stay twice.
// Words for a target that is not here wait for an older page that may bring it, unless they were taken away meanwhile. That page may know more than
// this: what is older alters nothing, and since nobody edits what is hidden, a later edit says that it was given back.
export async function fold(run, slot) {
  const lines = await linesOf(run, slot), places = new Map(lines.map(line => [line.seq, line])), touched = new Set();
  const forget = line => {
    if (line.body != null || line.media || line.meeting) touched.add(line);
    delete line.body;
    delete line.media;
    delete line.meeting;
  };
  for (const altering of lines) {
    const {kind, target, seq, body, media, meeting} = altering, line = places.get(target), {edited_seq, hidden_seq, retracted_seq} = line || {};
    if (!target) continue;
    if (kind == 'retract' || kind == 'hide' && !(seq < edited_seq || seq < hidden_seq)) {
      lines.filter(one => one.seq == target || one.target == target && one.seq < seq).forEach(forget);
      if (line) line[kind == 'hide' ? 'hidden_seq' : 'retracted_seq'] = seq;
    }
    if (!line) continue;
    if (kind == 'restore' && seq > hidden_seq) {
      if (!retracted_seq) Object.assign(line, {body, media, meeting});
      delete line.hidden_seq;
    } else if (kind == 'edit' && body != null && !retracted_seq && !hidden_seq && seq > (edited_seq || 0)) {
      line.body = body;
      line.edited_seq = seq;
    }
    forget(altering);
    delete altering.target;
    touched.add(line).add(altering);
  }
  touched.forEach(line => run('log', 'put', line));
}

Object.assign(TAKE, {
  // Some refusals are for now; the others are for the person to decide about.
  async error({id, slot, code, retry_after}, run, {slots}) {
    const draft = id && await run('drafts', 'get', id), isForNow = retry_after || /try_again|too_fast|not_resumed/.test(code), wait = retry_after || RETRY_SECONDS;
    if (isForNow) after(wait, () => tell('pump'));
    if (draft) run('drafts', 'put', isForNow ? {...draft, until: seconds() + wait - 0.1} : {...draft, code});
    else if (slot) run('cards', 'put', {...await run('cards', 'get', slot), wants: 0});
    if (slot) slots.add(slot);
  },

  // A page is taken when it ends where the log begins. What alters a message beside it there has done so already.
  async page({slot, entries, more}, run, {slots, news}) {
    const [first] = await linesOf(run, slot), last = entries[entries.length - 1];
    run('cards', 'put', {...await run('cards', 'get', slot), wants: 0});
    if (last && first && last.seq + 1 == first.seq) entries.forEach(({target, body, media, meeting, ...entry}) => run('log', 'put', target ? entry : {...entry, body, media, meeting}));
    slots.add(slot);
    news.push(['page', [slot, !!more]]);
  },

  // A receipt stays until somebody saw it; the words of it do not.
  async flagged({id, slot, answer_by, on_duty, name}, run, {slots}) {
    slots.add(slot);
    const {words, ...draft} = await run('drafts', 'get', id) || {};
    if (draft.id) run('drafts', 'put', {...draft, code: 'kept', answer_by, on_duty, name});
  },

  // Somebody looks first: it comes as an entry, or is said again when that took too long.
  async waiting({id, slot, until, help}, run, {slots, news}) {
    const draft = await run('drafts', 'get', id);
    if (draft) run('drafts', 'put', {...draft, held: until});
    if (help != null) news.push(['need', help]);
    slots.add(slot);
  },

  statements({unread}, run, {news}) {
    run('kept', 'put', unread, 'letters');
    news.push(['list']);
  },

  // What is no entry is answered so.
  done({id, slot}, run, {slots}) {
    if (id) run('drafts', 'delete', id);
    if (slot) slots.add(slot);
  },

  budget({step, used, budget}, run, {news}) {
    news.push(['budget', {step, used, budget}]);
  },

  upgrade(frame, run, {news}) {
    news.push(['status', {link: 'on', reason: 'upgrade'}]);
  },
});

TAKE.escalated = TAKE.flagged;

// Have the page before what is here; gives whether there is still more behind it.
export async function fetchMore(slot) {
  const hasMore = await change(async run => {
    const [first] = await linesOf(run, slot), card = await run('cards', 'get', slot);
    return first && first.seq > card.first_seq && run('cards', 'put', {...card, wants: first.seq});
  });
  return !!hasMore && new Promise(done => {
    waiting[slot] = done;
    after(PAGE_SECONDS, () => done(true));
    tell('pump');
  });
}

// What alters a message knows it by its draft too: in another life of the log it may stand elsewhere, and something else in its place.
async function alterEntry(slot, target, draft) {
  const [line] = await change(run => linesOf(run, slot, target, target));
  return write(slot, {...draft, target, about: line && line.draft});
}

export const editEntry = (slot, target, body) => alterEntry(slot, target, {kind: 'edit', body: body.trim()});

export const retractEntry = (slot, target) => alterEntry(slot, target, {kind: 'retract'});

async function alter(id, work) {
  await change(async run => {
    const draft = await run('drafts', 'get', id);
    if (draft) await work(run, draft);
  });
  tell('list');
  tell('pump');
}

// An id that carried something else is not used again. What is about a message that is not there waits for the person.
export const retryDraft = id => alter(id, async (run, draft) => {
  const isLost = draft.code == 'entry_not_found', card = (await run('cards', 'getAll')).find(({id}) => id == draft.of);
  const line = isLost && card && (await linesOf(run, card.slot)).find(line => line.draft && line.draft == draft.about);
  if (isLost && !line) return;
  const again = isLost || draft.code == 'draft_reused' ? await newDraft(run) : draft.draft;
  run('drafts', 'put', {...draft, ...line && {target: line.seq}, draft: again, code: ''});
});

export const discardDraft = id => alter(id, run => run('drafts', 'delete', id));

