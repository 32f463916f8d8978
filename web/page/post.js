// A whole visit in one POST, for where sockets do not get through, or may not: loaded when that shows.
import {after, seconds} from './link.js';
import {pump, state} from './sync.js';
import {hear} from './hearing.js';
import {writeFrames} from './wire.js';

const CODES = {unauthenticated: 4500, suspended: 4503};
const WAIT_SECONDS = 50, PATIENCE_SECONDS = 25, PAUSE_SECONDS = 1, DULL_SECONDS = 15, FRUGAL_SECONDS = 120;

// One exchange of `link`, and when the next one begins. The first, and one that says something, comes back at once.
// A device that may use no more data this month (`isFrugal`) asks seldom, and does not wait.
export async function exchange(wire, link) {
  const {cursor, said, page, isPosted} = wire, {isFrugal} = link;
  const wait = isPosted && !said[0] && !isFrugal ? WAIT_SECONDS : 0, stop = self.AbortController && new AbortController();
  const dictionaries = wire.dictionaries.map(({name}) => name);
  let isOver, kinds;
  wire.close = () => {
    isOver = true;
    clearTimeout(wire.pause);
    if (stop) stop.abort();
  };
  wire.pause = after(wait + PATIENCE_SECONDS, () => link.ended(wire));
  try {
    const answer = await fetch('/lite', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {'Content-Type': 'application/x-maatje-lite'},
      body: writeFrames([{type: 'resume', cursor, wait, dictionaries, page}, ...said], wire),
      signal: stop && stop.signal,
    });
    if (!answer.ok) {
      const {code, retry_after} = await answer.json();
      wire.retry_after = retry_after;
      return link.ended(wire, CODES[code]);
    }
    const data = await answer.arrayBuffer();
    if (isOver) return;
    kinds = await hear(wire, new Uint8Array(data));
  } catch (problem) {
    return link.ended(wire);
  }
  if (isOver) return;
  clearTimeout(wire.pause);
  wire.got = wire.isPosted = true;
  state('post', isFrugal && 4003);
  // Where nothing but marks came at once, they would again.
  const isDull = wait && !/entry/.test(kinds) && seconds() - wire.born < DULL_SECONDS;
  wire.pause = after(wire.hasMore ? 0 : isFrugal ? FRUGAL_SECONDS : isDull ? DULL_SECONDS : PAUSE_SECONDS, link.attempt);
  pump();
}
