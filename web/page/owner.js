// Whose device this is: loaded when somebody comes or goes, when the log begins another life, and for what is not said over the wire.
import {change, tell} from './store.js';
import {after, seconds} from './link.js';
import {me, whose} from './sync.js';

const RECENT = 86400, AGAIN_SECONDS = 60, ANSWER_SECONDS = 30;
let again;

const clear = (run, ...stores) => (stores[0] ? stores : ['log', 'cards', 'drafts', 'kept']).forEach(name => run(name, 'clear'));
const put = (run, values) => Object.keys(values).forEach(name => run('kept', 'put', values[name], name));
const forget = (run, ...names) => names.forEach(name => run('kept', 'delete', name));

// What came for somebody who is gone is seen by nobody, and nothing comes any more.
async function hush() {
  const worker = navigator.serviceWorker && await navigator.serviceWorker.getRegistration();
  if (!worker || !worker.pushManager) return;
  (await worker.getNotifications()).forEach(notice => notice.close());
  const found = await worker.pushManager.getSubscription();
  if (found) await found.unsubscribe();
}

// The log begins a life on this device. What was stored of another life means nothing any more, and what is somebody else's goes, unsent words too.
export async function begin({life, device, person, now}, run) {
  const owner = await run('kept', 'get', 'owner');
  if (owner == person) await startAfresh(run, now);
  else {
    clear(run);
    if (owner) hush();
    setTimeout(recognise);
  }
  // Who does not know this device any more does not know which numbers its drafts had either.
  if (await run('kept', 'get', 'device') != device) put(run, {count: Math.floor(Math.random() * 2 ** 31)});
  put(run, {life, device, owner: person});
}

// What was sent within a day may be lost with the old log: it is sent again under its own id. What alters an entry has lost its target.
async function startAfresh(run, now) {
  const drafts = await run('drafts', 'getAll'), recent = await ownSince(run, now - RECENT);
  const first = Math.min(0, ...drafts.map(({id}) => id)) - recent.length;
  recent.forEach((draft, i) => run('drafts', 'put', {...draft, id: first + i}));
  drafts.forEach(({seq, ...draft}) => run('drafts', 'put', draft.kind == 'flag' ? {...draft, target: undefined, member: draft.member || draft.author} : draft.target || draft.meeting ? {...draft, code: draft.meeting ? 'meeting_not_found' : 'entry_not_found'} : draft));
  clear(run, 'log', 'cards');
}

// Own messages as the drafts they were; an edited one would be other words under the same id.
async function ownSince(run, since) {
  const cards = await run('cards', 'getAll'), found = [];
  for (const {slot, draft, kind, at, body, author, media, edited_seq} of await run('log', 'getAll')) {
    const {id, you} = cards.find(card => card.slot == slot) || {};
    if (draft && id && author == you && kind == 'message' && at > since && body && !media && !edited_seq) found.push({of: id, kind, at, body, draft});
  }
  return found.sort((a, b) => a.at - b.at);
}

// Somebody enrolled here. The unsent words of the same person have waited for this.
export async function takeOver({person, device}) {
  hush();
  await change(async run => {
    if (await run('kept', 'get', 'owner') == person.id) await startAfresh(run, seconds());
    else clear(run);
    forget(run, 'life', 'calm');
    put(run, {count: 0, device: device.id, owner: person.id, me: person, who: whose()});
  });
  tell('in');
}

export const keepPerson = person => change(async run => {
  const owner = await run('kept', 'get', 'owner');
  if (owner != person.id) clear(run);
  if (owner && owner != person.id) hush();
  put(run, {owner: person.id, me: person, who: whose()});
});

// A browser may forget what scripts stored, and keep the cookie: who is asked for a code may be known already.
export async function recognise() {
  const person = !await leaving() && await callServer('GET', '/api/v1/me').catch(() => 0);
  if (!person) return null;
  await keepPerson(person);
  tell('in');
  return person;
}

// The session ended. What was said goes; what was not sent yet waits for the same person to come back.
const end = run => {
  clear(run, 'log', 'cards');
  forget(run, 'me', 'life', 'device', 'calm');
  return true;
};

export async function signedOut() {
  await change(async run => end(run));
  out();
}

// Who is not known any more: the cookie is somebody else's or gone, or a sign-out still has to be told.
export async function meet() {
  if (await change(async run => await run('kept', 'get', 'me') && await run('kept', 'get', 'who') != whose() && end(run))) out();
  await sayGoodbye();
}

function out() {
  hush();
  tell('out');
  tell('status', {link: 'off', reason: 'signed_out'});
}

// The server may not hear of it now. So the readable half of the key goes first: the half that no script can drop opens nothing without it.
export async function leaveDevice() {
  await wipeFor({leaving: whose() || 'x'});
  await sayGoodbye();
}

const keepHalf = (half, seconds) => document.cookie = `__Host-maatje-who=${half};path=/;secure;samesite=strict;max-age=${seconds}`;

// Whoever got a key here since has taken the place of the one that was to be given back.
const leaving = () => change(async run => {
  const half = await run('kept', 'get', 'leaving'), isOver = half && whose() && whose() != half;
  if (isOver) forget(run, 'leaving');
  return !isOver && half;
});

// The half comes back for as long as an answer may take, because the server believes only both. Until it answered, nobody is let in here.
async function sayGoodbye() {
  const half = await leaving();
  if (!half) return;
  tell('status', {link: 'off', reason: 'leaving'});
  clearTimeout(again);
  keepHalf(half, ANSWER_SECONDS);
  const {status = 401, retry_after} = await callServer('POST', '/api/v1/sign-out').catch(problem => problem), isTold = status == 401;
  if (whose() == half) keepHalf('', 0);
  if (!isTold) again = after(retry_after || AGAIN_SECONDS, meet);
  else if (await change(async run => await run('kept', 'get', 'leaving') && (forget(run, 'leaving'), true))) out();
}

// Nothing of anybody stays; the files of the page do.
async function wipeFor(values) {
  keepHalf('', 0);
  await change(async run => {
    clear(run);
    put(run, values);
  });
  out();
  Object.keys(localStorage).filter(name => /^maatje/.test(name)).forEach(name => delete localStorage[name]);
}

export async function callServer(method, path, body) {
  const options = {method, credentials: 'same-origin'};
  if (/enrol$/.test(path)) await sayGoodbye();
  if (body) Object.assign(options, {headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  const answer = await fetch(path, options).catch(() => ({})), {ok, status = 0} = answer;
  const said = answer.json && status != 204 ? await answer.json().catch(() => ({})) : {};
  if (ok) return said;
  if (said.code == 'unauthenticated' && await me()) await signedOut();
  throw {...said, status};
}
