// Not signed in: what this is, the language, and the code.
import {button, el, fill, here, moreWords, restart, words} from './view.js';
import {speak} from './app.js';
import {enrolled, on, recognise, rest, whose} from './sync.js';

const LANGUAGES = {nl: 'Nederlands', fr: 'Français', en: 'English', tr: 'Türkçe', ar: 'العربية'};
const DEVICES = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac', 'Linux'];
const bare = text => text.normalize('NFKC').toUpperCase().replace(/[\s\-–.]/g, '');

let given = '', leaving = false, showWays = () => {};

on('status', ({reason}) => {
  leaving = reason == 'leaving';
  showWays();
});

export async function show() {
  await moreWords();
  // The code of a QR link stands behind the #. It leaves the address at once, so that nobody finds it in a history.
  const found = bare(location.hash.slice(1));
  if (found.length == 10) given = found;
  if (location.pathname != '/' || location.hash) history.replaceState(here(), '', '/');

  const problem = el('p', {class: 'bad', role: 'alert', id: 'problem'});
  const box = el('input', {
    id: 'code', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', dir: 'ltr', maxlength: 24,
    'aria-describedby': 'hint problem', value: given && given.slice(0, 5) + ' ' + given.slice(5),
  });
  const submit = el('button', {class: 'wide first'}, words.enter);

  async function come(event) {
    event.preventDefault();
    given = bare(box.value);
    // What cannot be a code is said here: a try that the server counts would be lost by it.
    const odd = given.replace(/[2-9A-HJKMNP-TV-Z]/g, '')[0];
    problem.textContent = odd ? fill(words.code_odd, odd) : given.length != 10 ? fill(words.code_long, given.length) : '';
    if (problem.textContent) return box.focus();
    submit.disabled = true;
    try {
      const answer = await rest('POST', '/api/v1/enrol', {code: given, label: DEVICES.find(name => navigator.userAgent.includes(name)) || '', keep: 'cookie'}), chosen = localStorage.language || words.code != 'nl' && words.code;
      // Who chose a language, or has a phone that speaks another than Dutch, keeps it; otherwise it is the one that the coordinator noted.
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

  const language = code => button(LANGUAGES[code], async () => {
    given = bare(box.value);
    await speak(localStorage.language = code);
    restart();
  }, {lang: code, 'aria-pressed': code == words.code ? 'true' : 'false'});

  // A browser that keeps the key of somebody: theirs to use, if it is they. Whoever has a code comes in with that.
  const known = el('p'), plainly = el('a', {href: '/t'}, words.plain_page);
  if (whose() && !leaving) rest('GET', '/api/v1/me').then(({name}) => known.append(button(fill(words.go_on, name), recognise, {class: 'wide'})), () => 0);
  showWays = () => plainly.hidden = known.hidden = leaving;
  showWays();
  return {
    title: 'Maatje',
    main: [
      el('p', {class: 'choices', role: 'group', 'aria-label': words.language}, ...Object.keys(LANGUAGES).map(language)),
      el('h2', {}, words.welcome),
      el('p', {}, words.what),
      known,
      el('form', {class: 'fields', onsubmit: come},
        el('label', {for: 'code'}, words.your_code),
        box,
        el('p', {id: 'hint', class: 'quiet'}, words.code_hint),
        problem,
        submit,
        el('p', {}, words.no_code),
      ),
      el('p', {class: 'links'}, plainly, el('a', {href: '/about'}, words.staff)),
    ],
  };
}
