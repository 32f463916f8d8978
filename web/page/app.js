// Starts the page, and puts its screens on it.
import {button, el, exit, go, here, restart, sign, words} from './view.js';
import {me, on, start} from './sync.js';
import {showList} from './list.js';
import {showTalk} from './talk.js';

const stage = document.getElementById('app'), linked = el('span'), asked = el('span'), top = el('div', {role: 'status'}, linked, asked);
const screens = {list: showList, talk: showTalk, left: () => ({title: 'Maatje', main: [button(words.talks, restart)]})};
let inside, screen = {}, round = 0, escaped = 0, calm;

export async function speak(code) {
  Object.assign(words, (await import(`./words/${code}.js`)).default, {code});
  const page = document.documentElement;
  page.lang = code;
  page.dir = code == 'ar' ? 'rtl' : 'ltr';
}

async function render() {
  const mine = ++round, {deep, name, data} = here(), wanted = name == 'help' ? name : !inside ? 'enrol' : sessionStorage.left ? 'left' : name;
  let next;
  try {
    next = await (screens[wanted] || (await import(`./${wanted}.js`)).show)(data);
  } catch (problem) {
    next = {title: words.offline, main: [button(words.again, render)]};
  }
  if (mine != round) return;
  if (screen.off) screen.off();
  screen = next;
  const title = el('h1', {tabindex: -1}, screen.title);
  stage.textContent = '';
  stage.append(
    el('header', {},
      top,
      deep > 0 && sign('‹', words.back, () => history.back()),
      title,
      screen.extra,
      wanted != 'help' && button(words.help, () => go('help')),
      sign('✕', words.exit, exit),
    ),
    el('main', {}, ...screen.main),
    screen.foot || '',
  );
  scrollTo(0, 0);
  if (screen.on) await screen.on();
  title.focus({preventScroll: true});
}

// Something to decide or to know, above everything; beside it stands how the link is.
export function announce(...parts) {
  asked.textContent = '';
  asked.append(...parts);
}

async function enter() {
  const {language, low_data} = await me(), {connection} = navigator;
  inside = true;
  if (language && language != words.code) await speak(localStorage.language = language);
  if (connection && !low_data && (connection.saveData || /2g/.test(connection.effectiveType))) import('./settings.js').then(settings => settings.offer());
}

// A newer page is dealt with by fresh.js, which also keeps at hand what must work without a network.
const fresh = what => import('./fresh.js').then(module => module[what]());

on('status', ({link, reason}) => {
  clearTimeout(calm);
  calm = setTimeout(() => linked.textContent = words[reason] || words[navigator.onLine ? link : 'off'] || '', 999);
  if (reason == 'upgrade') fresh('fetchNew');
  if (reason == 'signed_out' && inside) inside = false, restart();
});
on('in', async () => inside || (await enter(), restart()));
on('need', about => import('./safe.js').then(safe => safe.need(about)));
on('budget', budget => import('./meter.js').then(meter => meter.warn(budget)));
addEventListener('popstate', render);
addEventListener('pageshow', ({persisted}) => persisted && sessionStorage.left && location.reload());
addEventListener('keydown', ({key, timeStamp}) => {
  if (key != 'Escape') return;
  if (timeStamp - escaped < 999) exit();
  escaped = timeStamp;
});

(async () => {
  await speak(localStorage.language || navigator.languages.map(tag => tag.slice(0, 2)).find(code => /nl|fr|en|tr|ar/.test(code)) || 'nl');
  if ((await start()).state == 'in') await enter();
  await render();
  fresh('guard');
})();
