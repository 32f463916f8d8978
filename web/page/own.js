// What somebody can do with a message of their own: correct it, take it back, try it again or throw it away; and what else can be sent.
import {button, el, go, moreWords, words} from './view.js';
import {discard, retract, retry, typed} from './sync.js';

const EDITABLE = 15 * 60;

// What is refused of a meeting would be refused again, but for these.
const isWorthIt = ({layout, code}) => !layout || /paused|reachable|reused/.test(code);

// Open the choices under a message, or close them.
export async function toggle(desk, line, opener) {
  const open = opener.nextSibling;
  opener.setAttribute('aria-expanded', !open);
  if (open) return open.remove();
  await moreWords();
  if (line.layout) await moreWords('meet');
  const isTheirs = !line.state && line.author != desk.talk.you;
  const parts = isTheirs ? [] : line.state
    ? [el('p', {class: 'bad'}, words[line.code] || words.failed), isWorthIt(line) && button(words.again, () => retry(line.draft)), button(words.drop, () => discard(line.draft))]
    : [
      line.body && Date.now() / 1000 - line.at < EDITABLE && button(words.edit, () => correct(desk, line)),
      button(words.retract, () => confirm(words.sure) && retract(desk.slot, line.seq)),
    ];
  const choices = el('div', {class: 'choices'}, ...parts);
  opener.after(choices);
  if (isTheirs) await (await import('./safe.js')).menu(desk, line, choices);
  // Not below the box.
  const hidden = choices.getBoundingClientRect().bottom - desk.note.parentNode.getBoundingClientRect().top;
  if (hidden > 0) scrollBy(0, hidden + 8);
}

// Said once: nothing shows that a message is a button.
export async function hint(desk) {
  await moreWords();
  localStorage.hinted = 1;
  desk.hint = desk.note.textContent = words.hint;
}

// What is recorded or uploaded just now has a button of its own to stop it.
export async function attach(desk, place, talk) {
  const open = place.firstChild;
  if (place.querySelector('[role=status]')) return;
  await moreWords();
  place.textContent = '';
  if (open && open.className == 'choices') return;
  const choice = kind => button(words[kind], async () => (await (kind == 'photo' ? import('./photo.js') : import('./voice.js'))).open(place, talk));
  const choices = el('div', {class: 'choices'}, choice('photo'), choice('voice'), button(words.meet, () => go('plan', {slot: desk.slot})));
  place.append(choices);
  place.querySelector('button').focus();
  const {weekly} = await import('./plan.js'), one = await weekly(desk.slot, () => choices.remove());
  if (one) choices.append(one);
}

// The words go back into the box; what stood there before comes back afterwards.
export async function correct(desk, line) {
  desk.editing = line;
  desk.box.value = line ? line.body : await typed(desk.slot) || '';
  desk.note.textContent = '';
  if (line) desk.note.append(words.editing + ' ', button(words.cancel, () => correct(desk)));
  desk.grow();
  desk.box.focus();
}
