// Safety inside a conversation: reporting, asking for the professional, the receipts of both, and whom to call. It works without a network, as words do.
import {button, el, fill, go, heard, momentOf, moreWords, plain, words} from './view.js';
import {announce} from './app.js';
import {discard, write} from './sync.js';

// What a draft says of itself, so that it can be said before this module is there.
const FLAG = '-13 ref slot draft reason target member words', ASK = '-14 ref slot draft urgency words';
const LONGEST = 1000;

const row = (...parts) => el('div', {class: 'choices'}, ...parts);
const isolated = name => '\u2068' + plain(name || '') + '\u2069';

const boxOf = label => el('textarea', {rows: 2, dir: 'auto', maxlength: LONGEST, 'aria-label': label, placeholder: label});
const said = box => box.value.trim() || undefined;

// One thing at a time in this place: the same again closes it.
function open(place, title, ...parts) {
  place.textContent = '';
  const sheet = el('section', {class: 'card', tabindex: -1, 'aria-label': title}, el('b', {}, title), ...parts);
  place.append(sheet);
  sheet.focus({preventScroll: true});
  sheet.scrollIntoView({block: 'nearest'});
}

// Everything for one conversation.
export async function sheet({slot}, place, {members, you}) {
  const isOpen = place.firstChild;
  await moreWords();
  place.textContent = '';
  if (isOpen) return;
  open(place, words.safe, row(
    button(words.ask, () => ask(place, slot), {class: 'first'}),
    ...members.filter(({number, left}) => number != you && !left).map(({number, name}) => button(fill(words.report_somebody, isolated(name)), () => report(place, slot, {member: number}))),
    button(words.keep_away, () => go('people', slot)),
  ));
}

// Under a message of somebody else.
export async function menu({slot}, line, choices) {
  await moreWords();
  choices.append(button(words.report, () => report(choices, slot, {target: line.seq, author: line.author}), {class: 'danger'}));
}

// One of six reasons is all that is asked; words only if somebody wants to say more.
export async function report(place, slot, about) {
  const box = boxOf(words.say_more), send = reason => async () => {
    await write(slot, {kind: 'flag', layout: FLAG, reason, words: said(box), ...about});
    place.textContent = '';
    heard(words.kept_here);
  };
  open(place, words.what_is_wrong, el('p', {class: 'quiet'}, words.nobody_learns), box,
    row(...words.reasons.map((reason, i) => button(reason, send(i))), button(words.cancel, () => place.textContent = '')));
}

function ask(place, slot) {
  const box = boxOf(words.say_more), send = urgency => async () => {
    await write(slot, {kind: 'escalate', layout: ASK, urgency, words: said(box)});
    place.textContent = '';
    heard(words.kept_here);
  };
  open(place, words.ask_when, box, row(...words.urgencies.map((urgency, i) => button(urgency, send(i))), button(words.cancel, () => place.textContent = '')));
}

// The receipt, in the place of a line of the log. Once it was seen it goes with the screen: others may look at this phone.
export async function show(place, line) {
  await moreWords();
  const {kind, code, answer_by, on_duty, name, draft} = line, isFlag = kind == 'flag', isKept = code == 'kept', when = isKept && momentOf(answer_by);
  const what = !code ? words.kept_here : !isKept ? words[code] || words.failed : isFlag ? fill(words.flag_kept, when) : name ? fill(words.ask_kept, isolated(name), when) : fill(words.ask_taken, when);
  place.parentNode.className = 'whole';
  place.replaceWith(el('section', {class: 'card'},
    el('b', {}, isFlag ? words.report : words.ask),
    el('p', {role: 'status'}, what),
    isKept && !on_duty && el('p', {}, words.nobody_there),
    row(isFlag && button(words.keep_away, () => go('people')), button(isKept ? words.seen : words.drop, () => discard(draft)))));
  if (isKept) addEventListener('popstate', () => discard(draft), {once: true});
}

// Words of their own made a machine think that somebody needs this. It stands above everything, stops nobody, and goes with one tap.
export async function need(about) {
  delete localStorage['maatje.need'];
  const [answer] = await Promise.all([fetch(`/w/help/${words.code}.json`), moreWords()]);
  const {lines} = await answer.json(), mine = lines.filter(line => line.for && line.for.includes(about));
  announce(el('b', {}, words.needs[about] || words.need_talk), ...mine.map(({number, name}) => el('a', {class: 'button wide', href: 'tel:' + number.replace(/ /g, '')}, name + ' ', el('bdi', {dir: 'ltr'}, number))),
    el('small', {}, words.machine + ' '), button(words.seen, () => announce()));
}
