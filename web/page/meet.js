// Meetings in a conversation: what, when and where, who comes, and what one can do about it with one tap.
import {button, el, go, heard, moreWords, plain, words} from './view.js';
import {discard, write} from './sync.js';
import {keepValue, keptValue} from './store.js';
import {ACTS, dateOf, endOf, lastOver, meetingOf, said, upcoming} from './when.js';

// What a draft says of itself, so that it can be said before this module is there.
const MEET = '-11 ref slot act draft meeting version times choice date zone place online purpose repeat on_holidays', HELD = '-12 ref slot meeting took_place date note';

export const meet = (slot, act, given) => write(slot, {kind: 'meet', layout: MEET, act: ACTS.indexOf(act), ...given});

const RECENT = 14 * 86400;
let touched;

const seconds = () => Date.now() / 1e3;
const nameIn = ({members, you}, who) => who == you ? words.me : '\u2068' + plain((members.find(({number}) => number == who) || {}).name || '') + '\u2069';
const names = (talk, list) => list.map(who => nameIn(talk, who)).join(', ');
const refusals = (talk, list) => list[0] ? ` · ${words.no}: ${names(talk, list)}` : '';
const row = (...parts) => el('div', {class: 'choices'}, ...parts);

// In the place of `line` of the log: only the newest of a meeting is all of it.
export async function show(place, talk, line) {
  await moreWords('meet');
  place.removeAttribute('dir');
  if (line.draft && line.seq == null) return draft(place, talk, line);
  const meeting = meetingOf(line.meeting);
  if (line.isOld) place.textContent = `${nameIn(talk, line.author)}: ${words.acts[ACTS.indexOf(meeting.act)]}${about(meeting)}`;
  else {
    const shown = await cardOf(talk, line);
    place.parentNode.className = 'whole';
    place.replaceWith(shown);
    // Whoever pressed a button that is gone goes on from here.
    if (touched == meeting.number && document.activeElement == document.body) shown.focus({preventScroll: true});
    if (!line.isAsked) touched = 0;
  }
}

export async function cardOf(talk, line) {
  const meeting = meetingOf(line.meeting);
  return card(talk, line, meeting, await keptValue(`held.${talk.id}.${meeting.number}`));
}

// Which date of a series, or which time, an act was about.
const about = ({act, date, times}) => date ? ' · ' + dateOf(date * 1440) : /propose|counter|move/.test(act) ? ' · ' + said(times[0].slice(0, 2)) : '';

// What waits to be said, or was refused. Where the clock shows that hour twice, the person says which.
function draft(place, {slot}, line) {
  const {act, kind, took_place, times, date, code} = line, name = ACTS[act];
  place.className = '';
  place.textContent = words.meet + ': ' + (kind == 'held' ? words[took_place ? 'held' : 'not_held'] : words.acts[act] + about({act: name, date, times}));
  if (code != 'time_is_ambiguous') return;
  const again = fold => async () => {
    await discard(line.draft);
    const {meeting, version, zone, place, online, purpose, repeat, on_holidays} = line;
    await meet(slot, name, {meeting, version, zone, place, online, purpose, repeat, on_holidays, date, times: times.map(([start, minutes]) => [start, minutes, fold])});
  };
  place.after(row(button(words.fold_first, again(0)), button(words.fold_second, again(1))));
}

// What one may do here: buttons that say an act about this meeting at once, or open the form for another time.
function deskOf(talk, {isAsked}, meeting) {
  const {slot, you, kind, members, state: paused, left} = talk, {number, version, state, proposer, times, repeat} = meeting, now = seconds();
  const {role} = members.find(one => one.number == you) || {};
  const act = (label, name, given, has) => button(label, async () => {
    if (name == 'cancel' && !confirm(words.cancel_sure)) return;
    touched = number;
    await meet(slot, name, {meeting: number, version, ...given});
    heard(words.noted);
  }, has);
  return {
    talk, meeting, you, now, act,
    other: (label, name, date) => button(label, () => go('plan', {slot, act: name, number, date})),
    ahead: times.filter(time => repeat || endOf(time) > now),
    mayAct: state != 'cancelled' && !paused && !left && !isAsked,
    mayMove: kind == 'pair' || proposer == you || role == 'buddy',
  };
}

// What can be said about the whole of it.
function answers({meeting, you, ahead, mayMove, act, other}) {
  const {state, proposer, times, yes, no} = meeting, isAgreed = state == 'agreed', canSay = !yes.includes(you);
  if (!ahead[0]) return [!isAgreed && mayMove && other(words.counter_it, 'move')];
  if (isAgreed && (!canSay || no.includes(you))) return [];
  return [
    ...canSay ? ahead.map(time => act(ahead[1] ? `${words.yes}: ${said(time, meeting)}` : words.yes, 'accept', {choice: times.indexOf(time) + 1}, {class: 'first'})) : [],
    canSay && !no.includes(you) && act(words.no, 'decline'),
    !isAgreed && (proposer != you || state == 'declined') && other(words.counter_it, proposer == you ? 'move' : 'counter'),
  ];
}

// One date of a series: it differs from the others, or it is the next one.
function dated({talk, meeting, you, mayAct, mayMove, act, other}, {date, time, isMoved, isOff, yes, no}) {
  const isComing = yes.includes(you), isAway = no.includes(you), mayCome = !isComing && (isAway || isMoved);
  const how = isOff ? words.cancelled : isMoved && yes.length < 2 ? words.moved : words.next;
  return el('li', {},
    el('p', {}, how + ': ' + said(time, {...meeting, repeat: ''}) + refusals(talk, no)),
    mayAct && row(
      mayCome && act(words.yes, 'accept', {date}, {class: 'first'}),
      !isAway && (isMoved || isComing && !isOff) && act(mayCome ? words.no : words.not_this_time, 'decline', {date}),
      mayMove && !isOff ? other(words.move_this, 'move', date) : mayCome && isMoved && other(words.counter_it, 'counter', date)));
}

// What is seldom wanted.
function changes({talk, meeting, you, ahead, mayAct, mayMove, act, other}) {
  const {number, state, proposer, repeat, yes} = meeting, isAgreed = state == 'agreed';
  if (!ahead[0]) return [];
  return [
    mayAct && mayMove && (isAgreed || proposer == you) && other(repeat ? words.move_all : words.move_it, 'move'),
    mayAct && isAgreed && yes.includes(you) && !mayMove && act(words.cannot, 'decline'),
    mayAct && mayMove && act(repeat ? words.end_it : words.cancel_it, 'cancel', {}, {class: 'danger'}),
    isAgreed && el('a', {class: 'button', href: `/api/v1/conversations/${talk.id}/meetings/${number}.ics`, download: ''}, words.calendar),
  ].filter(Boolean);
}

function card(talk, line, meeting, held) {
  const desk = deskOf(talk, line, meeting), {you, now, ahead, mayAct} = desk, {act, number, state, proposer, times, repeat, place, online, purpose, yes, no} = meeting;
  const isAgreed = state == 'agreed', over = isAgreed && (repeat ? lastOver(meeting, now) : !ahead[0] && {time: times[0]});
  const dates = isAgreed && repeat ? upcoming(meeting, now, 4) : [], next = dates.findIndex(({isOff}) => !isOff);
  const rows = dates.filter(({isOff, isMoved}, i) => i == next || isMoved || isOff && (next < 0 || i < next)), more = changes(desk);
  const isToldByButtons = mayAct && ahead[1] && !isAgreed && !yes.includes(you);
  const wasThere = over && (over.yes || yes).includes(you) && now - endOf(over.time) < RECENT && held != (over.date || 1) && !talk.left;
  const title = act == 'end' ? words.acts[6] : over && !repeat ? words.over : state == 'proposed' ? `${nameIn(talk, proposer)}: ${words.acts[0]}` : words[state];
  const made = el('section', {class: 'card', tabindex: -1, 'aria-label': words.meet},
    el('b', {}, title), purpose ? el('small', {}, ' · ' + words.purposes[purpose - 1]) : '',
    isToldByButtons ? '' : el('p', {}, ...times.map(time => el('span', {class: 'time'}, said(time, meeting)))),
    (place || online) && el('p', {}, online ? words.online + (place && ' · ') : '', el('bdi', {}, plain(place))),
    state != 'cancelled' && yes[0] && el('p', {class: 'quiet'}, `${words.yes}: ${names(talk, yes)}${refusals(talk, no)}`),
    rows[0] && el('ul', {class: 'plain'}, ...rows.map(date => dated(desk, date))),
    mayAct && row(...answers(desk)),
    wasThere && report(talk, number, over),
    more[0] && el('details', {}, el('summary', {}, words.more), row(...more)),
  );
  // A meeting that ends while somebody looks asks how it went.
  const [first] = repeat ? dates : [{time: times[0]}], left = first ? endOf(first.time) - now : 0;
  if (left > 0 && left < 86400) setTimeout(() => made.isConnected && made.replaceWith(card(talk, line, meeting, held)), left * 1e3 + 1e3);
  return made;
}

// Once it is over: did it take place? Asked once on this phone; the answer and the note are for the coordinator alone.
function report({slot, id}, number, {time, date}) {
  const note = el('textarea', {rows: 2, dir: 'auto', maxlength: 500, 'aria-label': words.note, placeholder: words.note});
  const say = took_place => async () => {
    await keepValue(`held.${id}.${number}`, date || 1);
    await write(slot, {kind: 'held', layout: HELD, meeting: number, took_place, date, note: note.value.trim() || undefined});
    heard(words.noted);
    asked.remove();
  };
  const asked = el('div', {class: 'asked'}, el('p', {}, `${words.was_it} ${date ? dateOf(time[0]) : ''}`),
    row(button(words.held, say(true), {class: 'first'}), button(words.not_held, say(false))),
    el('details', {}, el('summary', {}, words.note), note, el('p', {class: 'quiet'}, words.only_coordinator)));
  return asked;
}
