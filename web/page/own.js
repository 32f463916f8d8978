// What somebody can do with a message of their own: correct it, take it back, try it again or throw it away.
import {button, el, moreWords, words} from './view.js';
import {discard, retract, retry, typed} from './sync.js';

const EDITABLE = 15 * 60;

// Open the choices under a message, or close them.
export async function toggle(desk, line, opener) {
  const open = opener.nextSibling;
  opener.setAttribute('aria-expanded', !open);
  if (open) return open.remove();
  await moreWords();
  const parts = line.state
    ? [el('p', {class: 'bad'}, words[line.code] || words.failed), button(words.again, () => retry(line.draft)), button(words.drop, () => discard(line.draft))]
    : [
      line.body && Date.now() / 1000 - line.at < EDITABLE && button(words.edit, () => correct(desk, line)),
      button(words.retract, () => confirm(words.sure) && retract(desk.slot, line.seq)),
    ];
  opener.after(el('div', {class: 'choices'}, ...parts));
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
