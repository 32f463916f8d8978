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
const row = (...parts) => el('div', {class: 'choices'}, ...parts);

// In the place of `line` of the log: only the newest of a meeting is all of it.
export async function show(place, talk, line) {
  await moreWords('meet');
  place.removeAttribute('dir');
  if (line.draft && line.seq == null) return draft(place, talk, line);
  const meeting = meetingOf(line.meeting);
  if (line.isOld) place.textContent = `${nameIn(talk, line.author)}: ${words.acts[ACTS.indexOf(meeting.act)]}${about(meeting)}`;
  else {
    const shown = card(talk, line, meeting, await keptValue(`held.${talk.id}.${meeting.number}`));
    place.parentNode.className = 'whole';
    place.replaceWith(shown);
    // Whoever pressed a button that is gone goes on from here.
    if (touched == meeting.number && document.activeElement == document.body) shown.focus({preventScroll: true});
    if (!line.isAsked) touched = 0;
  }
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

function card(talk, line, meeting, held) {
  const {slot, you, kind, members, id} = talk, {number, version, state, proposer, times, repeat, place, online, purpose, yes, no} = meeting, now = seconds();
  const mine = members.find(one => one.number == you) || {}, isOpen = state != 'cancelled', isSeries = !!repeat;
  const mayMove = kind == 'pair' || proposer == you || mine.role == 'buddy', ahead = times.filter(time => isSeries || endOf(time) > now);
  const dates = isOpen && state == 'agreed' && isSeries ? upcoming(meeting, now, 4) : [], mayAct = isOpen && !talk.state && !talk.left && !line.isAsked;
  const over = state == 'agreed' && (isSeries ? lastOver(meeting, now) : !ahead[0] && {time: times[0]});
  const act = (name, given, sure) => async () => {
    if (sure && !confirm(sure)) return;
    touched = number;
    await meet(slot, name, {meeting: number, version, ...given});
    heard(words.noted);
  };
  const answer = (label, name, given, has) => button(label, act(name, given), has);
  const other = (label, name, date) => button(label, () => go('plan', {slot, act: name, number, date}));

  // What can be said about the whole of it.
  function answers() {
    const isAsked = state != 'agreed' ? ahead[0] : ahead[0] && ![...yes, ...no].includes(you), canSay = !yes.includes(you) && ahead[0];
    return isAsked ? [
      ...canSay ? ahead.map(time => answer(ahead[1] ? `${words.yes}: ${said(time, meeting)}` : words.yes, 'accept', {choice: times.indexOf(time) + 1}, {class: 'first'})) : [],
      canSay && !no.includes(you) && answer(words.no, 'decline'),
      state != 'agreed' && proposer != you && other(words.counter_it, 'counter'),
    ] : !ahead[0] && state != 'agreed' && mayMove ? [other(words.counter_it, 'move')] : [];
  }

  // One date of a series, when it differs from the others or is the next one.
  function dated({date, time, isMoved, isOff, yes: coming, no: away}) {
    const can = !coming.includes(you) && (away.includes(you) || isMoved);
    return el('li', {},
      el('p', {}, (isOff ? words.cancelled : isMoved && coming.length < 2 ? words.moved : words.next) + ': ' + said(time, {...meeting, repeat: ''})),
      mayAct && row(
        can && answer(words.yes, 'accept', {date}, {class: 'first'}),
        !away.includes(you) && (can || coming.includes(you)) && !(isOff && !isMoved) && answer(can ? words.no : words.not_this_time, 'decline', {date}),
        mayMove && !isOff ? other(words.move_this, 'move', date) : can && isMoved && other(words.counter_it, 'counter', date)));
  }

  const isFirst = dates.findIndex(({isOff}) => !isOff), rows = dates.filter(({isOff, isMoved}, i) => i == isFirst || (isFirst < 0 || i < isFirst) && isOff || isMoved);
  const changing = isOpen && mayAct && (isSeries || ahead[0]) ? [
    mayMove && (state == 'agreed' || proposer == you) && other(isSeries ? words.move_all : words.move_it, 'move'),
    state == 'agreed' && yes.includes(you) && !mayMove && answer(words.cannot, 'decline'),
    mayMove && button(isSeries ? words.end_it : words.cancel_it, act('cancel', {}, words.cancel_sure), {class: 'danger'}),
  ] : [];
  const calendar = state == 'agreed' && (isSeries || ahead[0]) && el('a', {class: 'button', href: `/api/v1/conversations/${id}/meetings/${number}.ics`, download: ''}, words.calendar);
  const more = [...changing, calendar].filter(Boolean), title = meeting.act == 'end' ? words.acts[6] : over && !isSeries ? words.over : state == 'proposed' ? `${nameIn(talk, proposer)}: ${words.acts[0]}` : words[state];
  const made = el('section', {class: 'card', tabindex: -1, 'aria-label': words.meet},
    el('b', {}, title), purpose ? el('small', {}, ' · ' + words.purposes[purpose - 1]) : '',
    mayAct && ahead[1] && !yes.includes(you) && state != 'agreed' ? '' : el('p', {}, ...times.map((time, i) => el('span', {class: 'time'}, said(time, meeting)))),
    (place || online) && el('p', {}, online ? words.online + (place && ' · ') : '', el('bdi', {}, plain(place))),
    isOpen && yes[0] && el('p', {class: 'quiet'}, `${words.yes}: ${names(talk, yes)}`, no[0] ? ` · ${words.no}: ${names(talk, no)}` : ''),
    rows[0] && el('ul', {class: 'plain'}, ...rows.map(dated)),
    mayAct && row(...answers()),
    over && held != (over.date || 1) && !talk.left && (over.yes || yes).includes(you) && now - endOf(over.time) < RECENT && report(talk, number, over),
    more[0] && el('details', {}, el('summary', {}, words.more), row(...more)),
  );
  // A meeting that ends while somebody looks asks how it went.
  const left = isSeries ? dates[0] && endOf(dates[0].time) - now : endOf(times[0]) - now;
  if (left > 0 && left < 86400) setTimeout(() => made.isConnected && made.replaceWith(card(talk, line, meeting, held)), left * 1e3 + 1e3);
  return made;
}

// Once it is over: did it take place? Asked once on this phone; the answer and the note are for the coordinator alone.
function report({slot, id}, number, {time, date}) {
  const note = el('textarea', {rows: 2, dir: 'auto', maxlength: 500, 'aria-label': words.note, placeholder: words.note});
  const say = took_place => async () => {
    await write(slot, {kind: 'held', layout: HELD, meeting: number, took_place, date, note: note.value.trim() || undefined});
    await keepValue(`held.${id}.${number}`, date || 1);
    heard(words.noted);
    asked.remove();
  };
  const asked = el('div', {class: 'asked'}, el('p', {}, `${words.was_it} ${date ? dateOf(time[0]) : ''}`),
    row(button(words.held, say(true), {class: 'first'}), button(words.not_held, say(false))),
    el('details', {}, el('summary', {}, words.note), note, el('p', {class: 'quiet'}, words.only_coordinator)));
  return asked;
}
