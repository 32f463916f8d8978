// A newer version of the page: said, and taken at a moment that disturbs nobody. Never half of it: see sw.js.
import {button, words} from './view.js';
import {announce} from './app.js';
import {keptValue} from './store.js';

let waiting;

// What is being typed is kept as it is typed, so nothing is lost by this.
function take() {
  if (waiting) waiting.postMessage('');
  else location.reload();
}

function offer(worker) {
  waiting = worker;
  announce(button(words.upgrade, take));
}

export async function guard() {
  const {serviceWorker} = navigator, worker = serviceWorker && await serviceWorker.register('/sw.js', {updateViaCache: 'all'});
  if (!worker) return;
  worker.onupdatefound = () => worker.active && look(worker);
  if (worker.waiting) worker.onupdatefound();
  setTimeout(keep, 4e3);
  if ('PushManager' in self && await keptValue('push')) import('./notices.js').then(notices => notices.keepOn()).catch(() => 0);
}

function look(registration) {
  const {installing, waiting: ready} = registration;
  navigator.serviceWorker.oncontrollerchange = () => location.reload();
  if (ready) offer(ready);
  if (installing) installing.onstatechange = () => installing.state == 'installed' && offer(installing);
}

// Asked for once, a file stays: these work without a network, and while the server has newer ones already. So does what this visit loaded so far.
function keep() {
  const {code} = words, loaded = performance.getEntriesByType('resource').map(({name}) => name.split(/\/w\/|\?/)[1]);
  const wanted = new Set([...loaded.filter(name => name), `words/${code}.js`, `words/${code}-more.js`, `help/${code}.json`, 'fresh.js', 'squeeze.js', 'help.js', 'more.css', 'enrol.js', 'own.js', 'changes.js', 'safe.js', 'owner.js', 'post.js']);
  wanted.forEach(name => fetch('/w/' + name));
}

// The server says that it has a newer one.
export async function fetchNew() {
  const registration = navigator.serviceWorker && await navigator.serviceWorker.getRegistration();
  if (!registration) return offer(null);
  await fetch('/sw.js', {cache: 'reload'});
  await registration.update();
  look(registration);
}

document.addEventListener('visibilitychange', () => document.hidden && waiting && take());
