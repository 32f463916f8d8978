// Letters about decisions, in plain words, with a way to say no; and who of the organisation read what this person wrote.
import {button, el, fill, go, momentOf, moreWords, words} from './view.js';
import {rest} from './sync.js';
import {keepValue} from './store.js';

const when = text => momentOf(Date.parse(text) / 1e3);
const again = () => dispatchEvent(new Event('popstate'));

export async function show(data) {
  await moreWords();
  return data == 'readings' ? readings() : data ? letter(data) : list();
}

async function list() {
  const {statements, unread} = await rest('GET', '/api/v1/statements');
  keepValue('letters', unread);
  return {
    title: words.letters,
    main: [
      el('ul', {class: 'plain'}, ...statements.map(({id, title, at, is_read}) => el('li', {}, el('button', {type: 'button', class: 'row', onclick: () => go('letters', id)},
        el('b', {}, title), el('small', {}, when(at)), !is_read && el('em', {}, words.unread))))),
      !statements[0] && el('p', {class: 'quiet'}, words.no_letters),
      button(words.readings, () => go('letters', 'readings'), {class: 'wide'}),
    ].filter(Boolean),
  };
}

async function letter(id) {
  const path = '/api/v1/statements/' + id, {title, at, paragraphs, appeal_until, appealed_at, is_read} = await rest('GET', path);
  if (!is_read) rest('POST', path + '/read').catch(() => 0);
  return {
    title,
    main: [
      el('p', {class: 'quiet'}, when(at)),
      ...paragraphs.map(text => el('p', {dir: 'auto'}, text)),
      ...appeal_until ? appeal(path, appeal_until) : [],
      ...appealed_at ? [el('p', {class: 'quiet'}, fill(words.appealed, when(appealed_at)))] : [],
    ],
  };
}

// What was sent is kept by the server, or stays in the box.
function appeal(path, until) {
  const box = el('textarea', {rows: 4, id: 'appeal', dir: 'auto', maxlength: 1000}), note = el('p', {role: 'status'});
  const form = el('form', {onsubmit: submit},
    el('h2', {}, words.appeal), el('p', {class: 'quiet'}, fill(words.appeal_why, when(until))),
    el('label', {for: 'appeal'}, words.appeal_label), box, note, button(words.send, null, {class: 'wide first', type: 'submit'}));

  async function submit(event) {
    event.preventDefault();
    if (!box.value.trim()) return box.focus();
    try {
      const {answer_by} = await rest('POST', path + '/appeal', {words: box.value.trim()});
      form.textContent = '';
      form.append(el('p', {role: 'status'}, fill(words.appeal_kept, when(answer_by))));
    } catch (problem) {
      if (problem.code == 'nothing_to_appeal') return again();
      note.textContent = words[problem.code] || words.offline;
    }
  }

  return [form];
}

async function readings() {
  const {readings: found} = await rest('GET', '/api/v1/me/readings');
  return {
    title: words.readings,
    main: [
      el('p', {}, words.readings_why),
      el('ul', {class: 'plain'}, ...found.map(({at, role, organisation, lines}) => el('li', {class: 'entry'}, el('p', {}, when(at)), el('small', {}, fill(words.reading, words.staff_roles[role] || role, lines), ' · ', el('bdi', {}, organisation))))),
      !found[0] && el('p', {class: 'quiet'}, words.no_readings),
    ].filter(Boolean),
  };
}
