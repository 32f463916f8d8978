// Not signed in: what this is, the language, and the code.
import {button, el, here, moreWords, restart, words} from './view.js';
import {speak} from './app.js';
import {enrolled, recognise, rest} from './sync.js';

const LANGUAGES = {nl: 'Nederlands', fr: 'Français', en: 'English', tr: 'Türkçe', ar: 'العربية'};
const bare = text => text.toUpperCase().replace(/[^2-9A-Z]/g, '');

let given = '', asked;

export async function show() {
  await moreWords();
  // The code of a QR link stands behind the #. It leaves the address at once, so that nobody finds it in a history.
  const found = bare(location.hash);
  if (found.length == 10) given = found;
  if (location.pathname != '/' || location.hash) history.replaceState(here(), '', '/');

  if (!given && !asked) asked = recognise();

  const problem = el('p', {class: 'bad', role: 'alert', id: 'problem'});
  const box = el('input', {
    id: 'code', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', dir: 'ltr', maxlength: 16, required: true,
    'aria-describedby': 'hint problem', value: given && given.slice(0, 5) + ' ' + given.slice(5),
  });
  const submit = el('button', {class: 'wide first'}, words.enter);

  async function come(event) {
    event.preventDefault();
    given = bare(box.value);
    submit.disabled = true;
    problem.textContent = '';
    try {
      const answer = await rest('POST', '/api/v1/enrol', {code: given, label: navigator.platform || '', keep: 'cookie'}), chosen = localStorage.language;
      // Who chose a language here keeps it; otherwise it is the one that the coordinator noted.
      if (chosen) answer.person.language = chosen;
      await enrolled(answer);
      given = '';
      if (chosen) rest('PATCH', '/api/v1/me', {language: chosen}).catch(() => null);
    } catch ({code}) {
      problem.textContent = words[code] || words.offline;
      submit.disabled = false;
      box.focus();
    }
  }

  const language = el('select', {id: 'language', onchange: async () => (await speak(localStorage.language = language.value), restart())},
    ...Object.keys(LANGUAGES).map(code => el('option', {value: code, lang: code, selected: code == words.code}, LANGUAGES[code])));
  return {
    title: 'Maatje',
    main: [
      el('h2', {}, words.welcome),
      el('p', {}, words.what),
      el('form', {class: 'fields', onsubmit: come},
        el('label', {for: 'code'}, words.your_code),
        box,
        el('p', {id: 'hint', class: 'quiet'}, words.code_hint),
        problem,
        submit,
        el('p', {}, words.no_code),
        el('label', {for: 'language'}, words.language),
        language,
      ),
      el('p', {class: 'links'}, el('a', {href: '/t'}, words.plain_page), el('a', {href: '/about'}, words.staff)),
    ],
  };
}
