// One wire to the server: a socket, or POSTs where sockets do not live. It decides when; what is said and stored is up to `hooks`:
//   openWire(isPost) → a new wire; one for a POST has in `said` what goes with it
//   hear(wire, bytes) → stores a message; true when it holds more than replies
//   ready(wire): something was heard and stored · state(link, code): how it goes · calm(seconds): for so long nothing was lost
import {writeFrames} from './wire.js';

// A visit opens the socket at once: an upgrade costs 50 bytes more than a POST, but a POST and then a socket would be two connections of 2,500.
const ACK_SECONDS = 10, ACK_MESSAGES = 16, DOUBT_SECONDS = 20, DEATH_SECONDS = 10, OPEN_SECONDS = 30, POST_SECONDS = 600, FRUGAL_SECONDS = 120;

let hooks, wire, timer, lazy, again, tries = 0, failedAt = 0, postUntil = 0, isPosting;

const after = (seconds, act) => setTimeout(act, seconds * 1e3);
const now = () => Date.now() / 1e3;

export function connect(given) {
  hooks = given;
  renew();
}

export function disconnect() {
  const {socket, stop} = wire || {};
  flush();
  if (wire) wire.isReady = false;
  wire = isPosting = lazy = null;
  [timer, lazy, again].forEach(clearTimeout);
  if (socket) socket.close();
  if (stop) stop.abort();
}

// The network came back, and perhaps sockets with it.
export function renew() {
  if (postUntil < Infinity) postUntil = 0;
  tries = 0;
  attempt();
}

export function wake() {
  if (!wire) attempt();
}

async function attempt() {
  const wasPosting = isPosting, isPost = now() < postUntil;
  disconnect();
  const mine = wire = {};
  Object.assign(mine, {got: 0, acked: 0, said: [], born: now()}, await hooks.openWire(isPost));
  if (mine != wire) return;
  if (isPost) exchange(mine, wasPosting);
  else dial(mine);
}

function dial(mine) {
  const {cursor, dictionaries, page} = mine;
  const token = cursor && btoa(String.fromCharCode(...cursor)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  const offers = [token && 'c.' + token, ...dictionaries.map(({name}) => 'd.' + name), page && 'p.' + page].filter(Boolean);
  const socket = mine.socket = new WebSocket(location.origin.replace('http', 'ws') + '/api/v1/socket', ['maatje.v1.lite', ...offers]);
  let turn = Promise.resolve();
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({data}) => turn = turn.then(() => take(mine, data)).catch(() => ended(mine, 0));
  socket.onclose = ({code}) => turn.then(() => ended(mine, code));
  timer = after(OPEN_SECONDS, () => ended(mine, 0));
  hooks.state('trying');
}

async function take(mine, data) {
  if (mine != wire) return;
  const owes = await hooks.hear(mine, new Uint8Array(data));
  if (mine != wire) return;
  mine.got++;
  if (mine.ping) hooks.calm(mine.calm += mine.ping);
  mine.ping = 0;
  if (!mine.isReady) hooks.state('on');
  mine.isReady = true;
  // A message of nothing but replies waits for the next ack: one of its own would cost as much.
  if (mine.hasMore || mine.got - mine.acked >= ACK_MESSAGES) flush();
  else if (owes) soon();
  listen(mine);
  hooks.ready(mine);
}

// Silence is doubted sooner when an answer is due.
function listen(mine) {
  const beat = mine.calm < 3600 ? mine.heartbeat || 240 : mine.calm < 7200 ? 540 : 840, isDue = Object.keys(mine.asked).length;
  clearTimeout(timer);
  timer = after(isDue ? DOUBT_SECONDS : beat, () => {
    mine.ping = isDue ? 0 : beat;
    put(mine, [{type: 'ping'}]);
    timer = after(DEATH_SECONDS, () => ended(mine, 0));
  });
}

function soon() {
  lazy = lazy || after(ACK_SECONDS, flush);
}

// Say it now, or lazily with whatever is said next.
export function say(commands, isLazy) {
  if (!wire.socket) return isLazy || attempt();
  wire.said.push(...commands);
  if (isLazy) soon();
  else flush();
}

function flush() {
  clearTimeout(lazy);
  lazy = 0;
  if (!wire || !wire.isReady || !wire.socket) return;
  const {said, got, acked} = wire;
  wire.said = [];
  wire.hasMore = false;
  if (got > acked) said.unshift({type: 'ack', n: wire.acked = got});
  if (!said.length) return;
  put(wire, said);
  listen(wire);
}

function put(mine, commands) {
  mine.socket.send(writeFrames(commands, mine));
}

async function exchange(mine, wasPosting) {
  const isFrugal = postUntil == Infinity;
  // The first one, and one that says something, comes back at once; a device that may use no more data asks seldom, and does not wait.
  const wait = wasPosting && !mine.said.length && !isFrugal ? 50 : 0;
  timer = after(wait + 15, () => ended(mine));
  try {
    const {data, code, retry_after} = await (await import('./post.js')).post(mine, wait);
    mine.after = retry_after;
    if (code != null) return ended(mine, code);
    if (mine != wire) return;
    await hooks.hear(mine, data);
  } catch (problem) {
    return ended(mine);
  }
  if (mine != wire) return;
  clearTimeout(timer);
  tries = 0;
  mine.isReady = isPosting = true;
  hooks.state('post', isFrugal && 4003);
  if (mine.hasMore) return attempt();
  again = after(isFrugal ? FRUGAL_SECONDS : 1, attempt);
  hooks.ready(mine);
}

function ended(mine, code = 0) {
  if (mine != wire) return;
  const {isReady, socket, born} = mine;
  disconnect();
  if (code >= 4500) return hooks.state('off', code);
  if (code < 4000) hooks.calm(0);
  if (code == 4003) postUntil = Infinity;
  // Twice within half a minute: sockets do not get through here; but when a POST does not either, it is the network.
  else if (!isReady && postUntil < Infinity) {
    postUntil = socket && now() - failedAt < 30 ? now() + POST_SECONDS : 0;
    failedAt = now();
  }
  if (now() - born > 60) tries = 0;
  hooks.state('trying', code);
  again = after((mine.after || 0) + Math.random() * Math.min(300, 2 ** tries++), attempt);
}
