// Whom to call. Kept for when there is no network, and open to everybody.
import {button, el, fill, go, moreWords, words} from './view.js';
import {me} from './sync.js';

export async function show() {
  const [answer, mine] = await Promise.all([fetch(`/w/help/${words.code}.json`), me(), moreWords()]);
  const {checked_on, lines} = await answer.json();
  const date = new Date(checked_on).toLocaleDateString(words.locale, {day: 'numeric', month: 'long', year: 'numeric'});
  return {
    title: words.help,
    main: [
      el('ul', {class: 'plain'}, ...lines.map(({number, name, what}) => el('li', {class: 'entry'},
        el('h2', {}, name),
        el('p', {}, what),
        el('a', {class: 'button wide first', href: 'tel:' + number.replace(/ /g, ''), 'aria-label': fill(words.call, number + ' ' + name)}, fill(words.call, ''), el('bdi', {dir: 'ltr'}, number)),
      ))),
      el('p', {}, words.help_press),
      el('p', {}, words.help_coordinator),
      mine && button(words.readings, () => go('letters', 'readings'), {class: 'wide'}),
      el('p', {class: 'quiet'}, fill(words.checked, date)),
    ],
  };
}
