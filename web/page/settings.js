// What somebody chooses for themselves, where they are signed in, and the way out.
import {button, dayOf, el, fill, go, moreWords, words} from './view.js';
import {announce, speak} from './app.js';
import {keep, me, rest, signOut} from './sync.js';
import {conversations, entries} from './showing.js';

const LANGUAGES = {nl: 'Nederlands', fr: 'Français', en: 'English', tr: 'Türkçe', ar: 'العربية'};

async function choose(change) {
  const answer = await rest('PATCH', '/api/v1/me', change);
  await keep({...await me(), ...answer});
}

// On a slow or dear network: asked once on this browser.
export async function offer() {
  if (localStorage.asked) return;
  await moreWords();
  const said = is_wanted => async () => {
    localStorage.asked = 1;
    announce();
    if (is_wanted) await choose({low_data: true});
  };
  announce(words.low_data_offer, ' ', button(words.yes, said(true)), ' ', button(words.no, said(false)));
}

export async function show() {
  const [mine] = await Promise.all([me(), moreWords()]);
  const saved = el('p', {role: 'status', class: 'quiet'});

  async function attempt(change, undo) {
    saved.textContent = '';
    try {
      await choose(change);
      saved.textContent = words.saved;
    } catch (problem) {
      saved.textContent = words.offline;
      undo();
    }
  }

  const tick = (name, label, why) => {
    const box = el('input', {type: 'checkbox', checked: !!mine[name], 'aria-describedby': name, onchange: () => attempt({[name]: box.checked}, () => box.checked = !box.checked)});
    return el('div', {class: 'entry'}, el('label', {class: 'tick'}, box, label), el('p', {class: 'quiet', id: name}, why));
  };

  const language = el('select', {id: 'language', onchange: async () => {
    const before = words.code;
    await attempt({language: language.value}, () => language.value = before);
    if (language.value != before) await speak(localStorage.language = language.value), restartHere();
  }}, ...Object.keys(LANGUAGES).map(code => el('option', {value: code, lang: code, selected: code == words.code}, LANGUAGES[code])));

  const restartHere = () => dispatchEvent(new Event('popstate'));

  const devices = el('ul', {class: 'plain'});
  rest('GET', '/api/v1/devices').then(answer => devices.append(...answer.devices.map(device), el('li')), ({code}) => devices.append(el('li', {class: 'quiet'}, words[code] || words.offline)));

  const device = ({id, label, in_browser, is_this_one, last_seen_at}) => {
    const line = el('li', {class: 'entry split'},
      el('span', {}, el('bdi', {}, label || (in_browser ? words.browser : words.phone)), is_this_one ? ` (${words.this_one})` : '',
        el('br'), el('small', {}, words.used + ' ' + dayOf(new Date(last_seen_at) / 1000))),
      !is_this_one && button(words.end_device, () => rest('DELETE', '/api/v1/devices/' + id).then(() => line.remove(), () => saved.textContent = words.offline), {class: 'danger'}),
    );
    return line;
  };

  async function out() {
    const unsent = (await Promise.all((await conversations()).map(({slot}) => entries(slot, null, 1)))).reduce((count, lines) => count + lines.filter(line => line.state).length, 0);
    const warning = unsent ? fill(words.unsent, unsent) + '\n\n' : '';
    if (!confirm(warning + words.sign_out_sure)) return;
    try {
      await signOut();
      localStorage.clear();
      location.replace('/');
    } catch (problem) {
      saved.textContent = words.offline;
    }
  }

  return {
    title: words.settings,
    main: [
      el('label', {for: 'language'}, words.language),
      language,
      tick('low_data', words.low_data, words.low_data_why),
      tick('shows_read_marks', words.marks, words.marks_why),
      saved,
      button(words.letters, () => go('letters'), {class: 'wide'}),
      button(words.notices, () => go('notices'), {class: 'wide'}),
      button(words.data, () => go('meter'), {class: 'wide'}),
      el('h2', {}, words.devices),
      devices,
      button(words.sign_out, out, {class: 'wide danger'}),
    ],
  };
}
