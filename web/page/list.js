// The list of conversations.
import {dayOf, button, el, fill, gist, go, nameOf, sign, timeOf, words} from './view.js';
import {on} from './sync.js';
import {conversations} from './showing.js';
import {keptValue} from './store.js';

let drawList = () => {};
on('list', () => drawList());

const row = talk => {
  const {last, slot, unread} = talk, day = last && dayOf(last.at);
  return el('li', {}, el('button', {type: 'button', class: 'row', onclick: () => go('talk', slot)},
    el('b', {}, el('bdi', {}, nameOf(talk))),
    el('small', {}, last && (day == words.today ? timeOf(last.at) : day)),
    el('span', {dir: 'auto'}, last ? gist(last, talk).slice(0, 99) : words.first),
    unread > 0 && el('em', {}, fill(words.news, unread)),
  ));
};

export function showList() {
  const place = el('ul', {class: 'plain'});
  drawList = async () => {
    const all = await conversations(), letters = await keptValue('letters');
    place.textContent = '';
    if (letters) place.append(el('li', {}, button(words.letter, () => go('letters'), {class: 'wide go'})));
    place.append(...all.map(row));
    if (!all.length && await keptValue('life') != null) place.append(el('li', {class: 'quiet'}, words.empty));
  };
  return {
    title: words.talks,
    main: [place, button(words.people, () => go('people'), {class: 'wide'})],
    extra: sign('☰', words.settings, () => go('settings')),
    on: drawList,
    off: () => drawList = () => {},
  };
}
