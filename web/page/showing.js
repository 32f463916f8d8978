// What is shown: the conversations of this person, and what was said there, as they stand in the store.
import {change, linesOf} from './store.js';
import {memberOf} from './hearing.js';

const isShown = ({kind}) => /^me|join|leave|close/.test(kind);

export const conversations = () => change(async run => {
  const all = (await run('cards', 'getAll')).filter(({id}) => id), instant = ({last}) => last ? last.at : 0;
  for (const card of all) {
    const {slot, you, cursor, read_seq = 0} = card, seen = Math.max(card.seen, read_seq, (memberOf(card, you) || {}).read || 0);
    const lines = (await linesOf(run, slot, Math.min(seen, cursor - 50))).filter(isShown);
    card.unread = lines.filter(({seq, kind, author, retracted_seq, hidden_seq}) => seq > seen && /^me/.test(kind) && author != you && !retracted_seq && !hidden_seq).length;
    card.last = lines.pop();
  }
  return all.sort((a, b) => instant(b) - instant(a));
});

export const entries = (slot, before, limit) => change(async run => {
  const {id: of, you, members} = await run('cards', 'get', slot);
  const others = members.filter(({number, left}) => number != you && !left);
  const isUpTo = (mark, seq) => others[0] && others.every(member => member[mark] >= seq);
  const lines = (await linesOf(run, slot)).filter(line => isShown(line) && line.seq < (before || Infinity)).slice(-limit);
  const drafts = before ? [] : (await run('drafts', 'getAll')).filter(draft => draft.of == of), newest = {};
  for (const {meeting, seq} of lines) if (meeting) newest[meeting[0]] = seq;
  for (const line of lines) {
    const {seq, author, edited_seq, retracted_seq, meeting} = line;
    if (meeting) line.isOld = seq < newest[meeting[0]], line.isAsked = drafts.some(draft => draft.meeting == meeting[0] && !draft.code);
    line.edited = !!edited_seq;
    line.retracted = !!retracted_seq;
    line.mark = author != you ? null : isUpTo('read', seq) ? 'read' : isUpTo('delivered', seq) ? 'delivered' : 'sent';
  }
  return [...lines, ...drafts.map(draft => ({...draft, draft: draft.id, seq: null, state: draft.code ? 'failed' : 'waiting'}))];
});
