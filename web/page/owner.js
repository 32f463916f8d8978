// Whose device this is: loaded when somebody comes, goes, or another life of the log begins.
import {change, tell} from './store.js';
import {keep, rest, seconds} from './sync.js';

const RECENT = 86400;
const STORES = ['log', 'cards', 'drafts', 'kept'];

const clear = (run, stores) => stores.forEach(name => run(name, 'clear'));

// The log began another life (a restored backup, another device): its places mean nothing any more. What was sent within a day may be lost with the
// old one, and is sent again under its own id. What was somebody else's is forgotten, unsent words too.
export async function startAfresh(person, run) {
  const owner = await run('kept', 'get', 'owner');
  if (owner && owner != person) {
    clear(run, STORES);
    setTimeout(meetStranger);
    return;
  }
  const drafts = await run('drafts', 'getAll'), recent = await ownSince(run, seconds() - RECENT);
  const first = Math.min(1, ...drafts.map(({id}) => id)) - recent.length;
  recent.forEach((draft, i) => run('drafts', 'put', {...draft, id: first + i}));
  drafts.forEach(({seq, ...draft}) => run('drafts', 'put', draft.target ? {...draft, code: 'entry_not_found'} : draft));
  clear(run, ['log', 'cards']);
}

async function meetStranger() {
  await keep(await rest('GET', '/api/v1/me'));
  tell('in');
}

// Own messages as the drafts they were; an edited one would be other words under the same id.
async function ownSince(run, since) {
  const cards = await run('cards', 'getAll'), lines = await run('log', 'getAll'), found = [];
  for (const {slot, draft, kind, at, body, author, edited_seq} of lines) {
    const {id, you} = cards.find(card => card.slot == slot) || {};
    if (draft && id && author == you && kind == 'message' && at > since && body && !edited_seq) found.push({of: id, kind, at, body, draft});
  }
  return found.sort((a, b) => a.at - b.at);
}

// Somebody enrolled here. Unsent words of the same person wait for this.
export async function takeOver({person, device}) {
  await change(async run => {
    if (await run('kept', 'get', 'owner') == person.id) await startAfresh(person.id, run);
    else clear(run, STORES);
    ['life', 'calm'].forEach(name => run('kept', 'delete', name));
    run('kept', 'put', 0, 'count');
    run('kept', 'put', device.id, 'device');
    run('kept', 'put', person.id, 'owner');
    run('kept', 'put', person, 'me');
  });
  tell('in');
}

// The session ended: what was said goes, what was not sent yet waits until the same person comes back.
export async function signedOut() {
  await change(async run => {
    clear(run, ['log', 'cards']);
    ['me', 'life', 'device', 'calm'].forEach(name => run('kept', 'delete', name));
  });
  tell('out');
}

export async function leaveDevice() {
  await rest('POST', '/api/v1/sign-out').catch(() => {});
  await wipeAll();
}

// Nothing of anybody stays; the files of the page do.
export async function wipeAll() {
  await change(async run => clear(run, STORES));
  Object.keys(localStorage).filter(name => name.startsWith('maatje.')).forEach(name => localStorage.removeItem(name));
  tell('status', {link: 'off', reason: 'signed_out'});
  tell('out');
}
