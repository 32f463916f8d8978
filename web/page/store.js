// What this browser keeps of one person, and how its tabs hear from each other.
// log: entries by [slot, seq] · cards: by slot · drafts: by a rising id · kept: single values by name.

const STORES = {log: {keyPath: ['slot', 'seq']}, cards: {keyPath: 'slot'}, drafts: {keyPath: 'id', autoIncrement: true}, kept: {}};

// Who listens to what in this tab.
export const listeners = {};
let database;

const answerOf = request => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

export async function openStore() {
  const request = indexedDB.open('maatje', 1);
  request.onupgradeneeded = () => {
    for (const name in STORES) request.result.createObjectStore(name, STORES[name]);
  };
  database = await answerOf(request);
}

// One transaction: all that `work` does is stored, or nothing. It gets run(store, 'get' | 'getAll' | 'put' …, …); what it gives is given.
// What must outlive an empty battery is 'strict'.
export async function change(work, durability = 'default') {
  const begin = () => database.transaction(Object.keys(STORES), 'readwrite', {durability});
  let transaction;
  try {
    transaction = begin();
  } catch (problem) {
    // A phone that slept may have lost its database.
    await openStore();
    transaction = begin();
  }
  const stored = new Promise((done, failed) => {
    transaction.oncomplete = done;
    transaction.onabort = failed;
  });
  const result = work((store, does, ...what) => {
    const answer = answerOf(transaction.objectStore(store)[does](...what));
    answer.catch(() => 0);
    return answer;
  });
  result.catch(() => transaction.abort()).catch(() => 0);
  await Promise.all([result, stored]);
  return result;
}

export const keptValue = name => change(run => run('kept', 'get', name));

export const keepValue = (name, value) => change(run => run('kept', 'put', value, name)).catch(() => 0);

export const between = (slot, from = -Infinity, to = Infinity) => IDBKeyRange.bound([slot, from], [slot, to]);

export const linesOf = (run, slot, from, to) => run('log', 'getAll', between(slot, from, to));

const emit = (name, value) => (listeners[name] || []).forEach(hear => hear(value));

// To every tab, this one too: in every browser that runs this page a tab hears of another's changes here.
export function tell(name, value) {
  localStorage['maatje.' + name] = JSON.stringify([value, Math.random()]);
  emit(name, value);
}

addEventListener('storage', ({key, newValue}) => newValue && /^maatje/.test(key) && emit(key.slice(7), JSON.parse(newValue)[0]));
