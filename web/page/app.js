// Starts the page, and puts the screens on it.
import {button, el, exit, go, here, restart, sign, words} from './view.js';
import {me, on, start} from './sync.js';
import {showList} from './list.js';
import {showTalk} from './talk.js';

const place = document.getElementById('app'), status = document.getElementById('status');
const known = ['nl', 'fr', 'en', 'tr', 'ar'];
const screens = {list: showList, talk: showTalk};
let inside = false, shown = {}, turn = 0, waiting, line = {};

export async function speak(code) {
  localStorage.language = code;
  Object.assign(words, (await import(`./words/${code}.js`)).default, {code});
  const {documentElement} = document;
  documentElement.lang = code;
  documentElement.dir = code == 'ar' ? 'rtl' : 'ltr';
}

async function render() {
  const mine = ++turn;
  let {name, data} = here();
  if (!inside && name != 'help') name = 'enrol';
  let screen;
  try {
    screen = await (screens[name] || (await import(`./${name}.js`)).show)(data);
  } catch (problem) {
    screen = {title: words.offline, main: [button(words.again, render)]};
  }
  if (mine != turn) return;
  if (shown.off) shown.off();
  shown = screen;
  const title = el('h1', {tabindex: -1}, screen.title);
  place.textContent = '';
  place.append(
    el('header', {},
      here().deep > 0 && sign('‹', words.back, () => history.back(), {class: 'sign turn'}),
      title,
      screen.extra,
      name != 'help' && button(words.help, () => go('help'), {class: 'help'}),
      sign('✕', words.exit, exit),
    ),
    el('main', {}, ...screen.main),
    screen.foot || '',
  );
  scrollTo(0, 0);
  if (screen.on) screen.on();
  title.focus({preventScroll: true});
}

function tell() {
  const {link, reason} = line, text = words[reason] || words[link];
  status.textContent = '';
  if (waiting) status.append(button(words.upgrade, update));
  else if (text) status.append(text);
}

// A newer page waits: take it now, or when nobody looks. What was typed is kept by then.
function update() {
  if (waiting.postMessage) waiting.postMessage('');
  else location.reload();
}

function look(worker) {
  if (worker && navigator.serviceWorker.controller) waiting = worker, tell();
}

async function register() {
  const {serviceWorker} = navigator;
  if (!serviceWorker) return;
  const had = serviceWorker.controller, registration = await serviceWorker.register('/sw.js', {updateViaCache: 'all'});
  serviceWorker.oncontrollerchange = () => had && location.reload();
  look(registration.waiting);
  registration.onupdatefound = () => {
    const worker = registration.installing;
    worker.onstatechange = () => worker.state == 'installed' && look(worker);
  };
  (await serviceWorker.ready).active.postMessage([`words/${words.code}.js`, `words/${words.code}-more.js`, 'help.js', `help/${words.code}.json`]);
}

export async function enter() {
  const stored = await me();
  inside = true;
  if (stored.language && stored.language != words.code) await speak(stored.language);
  const {connection} = navigator;
  if (connection && !stored.low_data && (connection.saveData || /2g/.test(connection.effectiveType))) (await import('./settings.js')).offer(status);
}

on('status', async now => {
  line = now;
  if (now.reason == 'signed_out' && inside) inside = false, restart();
  if (now.reason == 'upgrade') {
    const registration = navigator.serviceWorker && await navigator.serviceWorker.getRegistration();
    if (registration) registration.update();
    else waiting = {};
  }
  tell();
});

let escaped = 0;
addEventListener('keydown', event => {
  if (event.key != 'Escape') return;
  if (event.timeStamp - escaped < 1000) exit();
  escaped = event.timeStamp;
});
addEventListener('popstate', render);
document.addEventListener('visibilitychange', () => document.hidden && waiting && update());

(async () => {
  await speak(localStorage.language || navigator.languages.map(tag => tag.slice(0, 2)).find(code => known.includes(code)) || 'nl');
  if ((await start()).state == 'in') await enter();
  await render();
  register();
})();
