// A whole visit in one POST, for where sockets do not get through, or may not: loaded when that shows.
import {writeFrames} from './wire.js';

const CODES = {unauthenticated: 4500, suspended: 4503};

// Gives {data}, or why not: {code, retry_after}.
export async function post(wire, wait) {
  const stop = wire.stop = self.AbortController && new AbortController(), {cursor, said, page} = wire;
  const dictionaries = wire.dictionaries.map(({name}) => name);
  const answer = await fetch('/lite', {
    method: 'POST',
    credentials: 'same-origin',
    headers: {'Content-Type': 'application/x-maatje-lite'},
    body: writeFrames([{type: 'resume', cursor, wait, dictionaries, page}, ...said], wire),
    signal: stop && stop.signal,
  });
  if (answer.ok) return {data: new Uint8Array(await answer.arrayBuffer())};
  const {code, retry_after} = await answer.json().catch(() => ({}));
  return {code: CODES[code] || 0, retry_after};
}
