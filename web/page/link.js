// One wire to the server: a socket, or POSTs where sockets do not live. It decides when; what is said is decided in sync.js, what is stored in hearing.js.
import {keepValue} from './store.js';
import {openWire, pump, state} from './sync.js';
import {hear} from './hearing.js';
import {writeFrames} from './wire.js';

// A visit opens the socket at once: an upgrade costs 50 bytes more than a POST, but a POST and then a socket would be two connections of 2,500.
const ACK_SECONDS = 30, ACK_MESSAGES = 16, DOUBT_SECONDS = 20, DEATH_SECONDS = 10, OPEN_SECONDS = 15, FIRST_POST_SECONDS = 60, POST_SECONDS = 600;

let wire, timer, lazy, again, tries = 0, failedAt = 0, postUntil = 0;

export const after = (seconds, act) => setTimeout(act, seconds * 1e3);
export const seconds = () => Date.now() / 1e3;

export function disconnect() {
  const mine = wire;
  flush();
  wire = null;
  clearTimeout(timer);
  clearTimeout(again);
  if (!mine) return;
  mine.isReady = false;
  if (mine.close) mine.close();
}

// A new wire: the network came back, and perhaps sockets with it.
export function renew() {
  if (postUntil < Infinity) postUntil = 0;
  tries = 0;
  attempt();
}

// Somebody looks again, or acts. A wire that was not listened to for long may be dead.
export function wake(isOld) {
  if (!wire) attempt();
  else if (wire.socket && wire.isReady) listen(wire, isOld);
}

async function attempt() {
  const {isPosted} = wire || {};
  disconnect();
  if (document.hidden) return;
  const opening = wire = {}, isPost = seconds() < postUntil, mine = await openWire(isPost).catch(() => null);
  if (opening != wire) return;
  if (!mine) return ended(opening);
  wire = Object.assign(mine, {got: 0, acked: 0, born: seconds(), isPosted});
  if (isPost) (await import('./post.js')).exchange(mine, {attempt, ended, isFrugal: postUntil == Infinity});
  else dial(mine);
}

function dial(mine) {
  const {cursor, dictionaries, page} = mine, offers = ['maatje.v1.lite'];
  if (cursor) offers.push('c.' + btoa(String.fromCharCode(...cursor)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, ''));
  dictionaries.forEach(({name}) => offers.push('d.' + name));
  const socket = mine.socket = new WebSocket(location.origin.replace('http', 'ws') + '/api/v1/socket', [...offers, 'p.' + page]);
  let turn = Promise.resolve();
  mine.close = () => socket.close();
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({data}) => turn = turn.then(() => take(mine, data)).catch(problem => {
    console.error(problem);
    ended(mine);
  });
  socket.onclose = ({code}) => turn.then(() => ended(mine, code));
  timer = after(OPEN_SECONDS, () => ended(mine));
  state('trying');
}

async function take(mine, data) {
  if (mine != wire) return;
  const kinds = await hear(mine, new Uint8Array(data));
  if (mine != wire) return;
  mine.got++;
  if (mine.beat) keepValue('calm', mine.calm += mine.beat);
  if (!mine.isReady) state('on');
  mine.isReady = true;
  // A message of nothing but replies waits for the next ack: one of its own would cost as much.
  if (mine.hasMore || mine.got - mine.acked >= ACK_MESSAGES) flush();
  else if (/entry|marks|card/.test(kinds)) soon();
  listen(mine);
  pump();
}

// Silence is doubted sooner when an answer is due, and at once when `isOld`. Hidden, nobody listens: the system may end this page, which costs nothing.
function listen(mine, isOld) {
  const isDue = Object.keys(mine.asked)[0], beat = mine.calm < 3600 ? mine.heartbeat || 240 : mine.calm < 7200 ? 540 : 840;
  mine.beat = 0;
  clearTimeout(timer);
  timer = after(isOld ? 0 : isDue ? DOUBT_SECONDS : beat, () => {
    if (document.hidden) return;
    put(mine, [{type: 'ping'}]);
    mine.beat = isDue || isOld ? 0 : beat;
    timer = after(DEATH_SECONDS, () => ended(mine));
  });
}

function soon() {
  lazy = lazy || after(ACK_SECONDS, flush);
}

// Say it now, or lazily with whatever is said next.
export function say(commands, isLazy) {
  if (!wire || !wire.socket) return isLazy || attempt();
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
  if (!said[0]) return;
  put(wire, said);
  listen(wire);
}

function put(mine, commands) {
  mine.socket.send(writeFrames(commands, mine));
}

function ended(mine, closed = 0) {
  if (mine != wire) return;
  const {got, socket, born, retry_after, code = closed} = mine;
  disconnect();
  if (code >= 4500) return state('off', code);
  if (code < 4000) keepValue('calm', 0);
  // Swallowed, or refused twice within half a minute: sockets do not get through here. When a POST does not either, it is the network.
  if (!got && postUntil < Infinity) {
    const now = seconds(), since = now - failedAt;
    postUntil = !socket || now - born < OPEN_SECONDS && since > 30 ? 0 : now + (since > 150 ? FIRST_POST_SECONDS : POST_SECONDS);
    failedAt = socket ? now : 0;
  }
  if (code == 4003) postUntil = Infinity;
  if (seconds() - born > 60) tries = 0;
  state('trying', postUntil == Infinity && 4003);
  again = after((retry_after || 0) + Math.random() * Math.min(300, 2 ** tries++), attempt);
}
