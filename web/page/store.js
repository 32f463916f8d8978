// What this browser keeps of one person, and how its tabs hear from each other.
// log: entries by [slot, seq] · cards: by slot · drafts: by a rising id · kept: single values by name.

// Who listens to what in this tab.
export const listeners = {};
let db;

const settled = request => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

export async function openStore() {
  const request = indexedDB.open('maatje', 1);
  request.onupgradeneeded = () => {
    const make = (name, options) => request.result.createObjectStore(name, options);
    make('log', {keyPath: ['slot', 'seq']});
    make('cards', {keyPath: 'slot'});
    make('drafts', {keyPath: 'id', autoIncrement: true});
    make('kept');
  };
  db = await settled(request);
}

// A phone that slept may have lost its connection to the database.
async function begin() {
  const stores = ['log', 'cards', 'drafts', 'kept'];
  try {
    return db.transaction(stores, 'readwrite');
  } catch (problem) {
    await openStore();
    return db.transaction(stores, 'readwrite');
  }
}

// One transaction: all that `work` does is stored, or none of it. `work` gets run(store, 'get' | 'getAll' | 'put' …, …); gives what it gives.
export async function change(work) {
  const transaction = await begin();
  const stored = new Promise((done, failed) => {
    transaction.oncomplete = done;
    transaction.onabort = () => failed(transaction.error);
  });
  const run = (store, does, ...what) => settled(transaction.objectStore(store)[does](...what));
  const result = work(run);
  result.catch(() => {
    try {
      transaction.abort();
    } catch (problem) {}
  });
  await Promise.all([result, stored]);
  return result;
}

export const keptValue = name => change(run => run('kept', 'get', name));
export const keepValue = (name, value) => change(run => run('kept', 'put', value, name));

export const between = (slot, from = 0, to = Infinity) => IDBKeyRange.bound([slot, from], [slot, to]);

const emit = (name, value) => (listeners[name] || []).forEach(hear => hear(value));

// Say something to every tab, this one too. A tab hears of another's changes of localStorage in every browser that runs this page.
export function tell(name, value) {
  localStorage['maatje.' + name] = JSON.stringify([value, Math.random()]);
  emit(name, value);
}

const told = name => JSON.parse(localStorage['maatje.' + name] || '[]')[0];

addEventListener('storage', ({key, newValue}) => {
  if (newValue && key.startsWith('maatje.')) emit(key.slice(7), JSON.parse(newValue)[0]);
});

// Have a turn at something that one tab at a time may do: `take` begins it, and has it until what it returns is settled.
// `lost` is called when another tab took it meanwhile, as while this one was frozen.
export function takeTurn(take, lost) {
  if (navigator.locks) return navigator.locks.request('maatje', take);
  return new Promise(done => {
    const me = Math.random(), key = 'maatje.turn';
    let having;
    const end = () => {
      clearInterval(timer);
      if (told('turn') == me) delete localStorage[key];
      done();
    };
    // Who is alive writes every second; who finds a name of eight seconds ago writes its own, and begins if that still stands when it looks again.
    const look = () => {
      const [who, at] = JSON.parse(localStorage[key] || '[]'), isMine = who == me;
      if (having && !isMine) lost();
      else if (isMine || !(Date.now() - at < 8e3)) localStorage[key] = JSON.stringify([me, Date.now()]);
      if (isMine) having = having || take().then(end);
    };
    const timer = setInterval(look, 1e3);
    look();
    setTimeout(look, 99);
  });
}
