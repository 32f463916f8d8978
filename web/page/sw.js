// Keeps one version of the page whole, and the files of another one out. Of people it sees and keeps nothing.
const shelf = 'page-@page', tags = new Map('@files'.split(' ').map(file => file.split(':')));
const first = [...tags.keys()].slice(0, 3);
const address = name => name == 'index.html' ? '/' : '/w/' + name;

// A file of exactly this version: from the shelf before, from the browser's own store, or from the server.
async function fetched(name, modes) {
  const answer = await fetch(address(name), {cache: modes[0]});
  if (answer.ok && answer.headers.get('ETag') == `W/"${tags.get(name)}"`) return answer;
  if (modes[1]) return fetched(name, modes.slice(1));
  registration.update();
  throw Error(name);
}

async function got(name) {
  const own = await caches.open(shelf), mark = address(name) + '?' + tags.get(name);
  const kept = await own.match(mark);
  if (kept) return kept;
  const answer = await caches.match(mark) || await fetched(name, ['force-cache', 'reload']);
  await own.put(mark, answer.clone());
  return answer;
}

addEventListener('install', event => event.waitUntil((async () => {
  const used = [];
  for (const name of await caches.keys()) {
    for (const {url} of await (await caches.open(name)).keys()) used.push(url.replace(/.*\/w\/|\?.*/g, ''));
  }
  await Promise.all([...new Set([...first, ...used.filter(name => tags.has(name))])].map(got));
})()));

addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('page-') && name != shelf) await caches.delete(name);
  await clients.claim();
})()));

addEventListener('fetch', event => {
  const {method, url, mode} = event.request, {origin, pathname} = new URL(url);
  if (method != 'GET' || origin != location.origin) return;
  const name = mode == 'navigate' ? /^\/(enrol)?$/.test(pathname) && 'index.html' : pathname.startsWith('/w/') && pathname.slice(3);
  if (tags.has(name)) event.respondWith(got(name));
});

// The page says: take over now ('' — nobody is typing), or keep these files for when there is no network.
addEventListener('message', ({data}) => data ? data.forEach(got) : skipWaiting());
