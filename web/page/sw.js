// Keeps one version of the page whole, and the files of another one out. Of people it sees and keeps nothing.
const shelf = 'page-@page', first = '@files';
const isPage = ({pathname}) => /^\/(enrol)?$/.test(pathname);
const address = name => name == 'index.html' ? '/' : '/w/' + name;

// A file of exactly this version: from the browser's own store, or from the server. A server that has newer ones already gives none.
async function fetched(name, tag, cache) {
  const answer = await fetch(address(name), {cache});
  if (answer.headers.get('ETag') == `W/"${tag}"`) return answer;
  if (cache == 'reload') throw registration.update();
  return fetched(name, tag, 'reload');
}

async function got(name) {
  const tag = first[name] || (await (await got('files.json')).json())[name];
  if (!tag) return fetch(address(name));
  const own = await caches.open(shelf), mark = address(name) + '?' + tag, kept = await caches.match(mark) || await fetched(name, tag, 'force-cache');
  await own.put(mark, kept.clone());
  return kept;
}

// Before it takes over it has every file that the version before it had been asked for; those that did not change it need not fetch.
addEventListener('install', event => event.waitUntil((async () => {
  const used = ['index.html', 'app.css', 'app.js'];
  for (const name of await caches.keys()) {
    for (const {url} of await (await caches.open(name)).keys()) used.push(url.split(/\/w\/|\?/)[1]);
  }
  await Promise.all(used.map(name => /[.]/.test(name) && got(name)));
})()));

addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name != shelf && name != 'seen') await caches.delete(name);
  await clients.claim();
})()));

addEventListener('fetch', event => {
  const {url, mode} = event.request, {origin, pathname} = new URL(url);
  if (origin != location.origin) return;
  const name = mode == 'navigate' ? isPage({pathname}) && 'index.html' : pathname.startsWith('/w/') && pathname.slice(3);
  if (name) event.respondWith(got(name));
});

// The page says so, when nobody is in the middle of something.
addEventListener('message', () => skipWaiting());

// A notice is always shown: browsers take the right to send from who sends unseen. One that was here before says nothing new.
const texts = {nl: 'Je hebt een bericht.', fr: 'Tu as un message.', en: 'You have a message.', tr: 'Bir mesajın var.', ar: 'لديك رسالة.'};

async function isRepeated(n) {
  const book = await caches.open('seen'), kept = await book.match('/seen'), seen = kept ? await kept.json() : [];
  if (!n || seen.includes(n)) return !!n;
  await book.put('/seen', new Response(JSON.stringify([...seen, n].slice(-50))));
  return false;
}

async function notify({n, t, k}) {
  const tag = k || 'maatje', open = await registration.getNotifications({tag}), isOld = await isRepeated(n);
  await registration.showNotification(t || texts[navigator.language.slice(0, 2)] || texts.en, {tag, icon: '/w/icon.png', silent: isOld});
  if (isOld && !open[0]) (await registration.getNotifications({tag})).forEach(one => one.close());
}

// One after the other, because each reads and writes the book of numbers. What cannot be read is a message all the same.
let turn = Promise.resolve();

addEventListener('push', event => event.waitUntil(turn = turn.then(() => notify(event.data.json())).catch(() => notify({})).catch(() => 0)));

addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(clients.matchAll({type: 'window', includeUncontrolled: true}).then(all => {
    const page = all.find(({url}) => isPage(new URL(url)));
    return page ? page.focus() : clients.openWindow('/');
  }));
});
