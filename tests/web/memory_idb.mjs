// IndexedDB in memory, as much of it as the page uses: transactions follow each other, see their own writes, and leave nothing when aborted.

const compare = (a, b) => {
  if (!Array.isArray(a)) return a < b ? -1 : a > b ? 1 : 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return a.length - b.length;
};

export const IDBKeyRange = {
  bound(lower, upper) {
    if (compare(lower, upper) > 0) throw new Error('DataError');
    return {lower, upper};
  },
};

const isIn = (key, range) => range.lower === undefined ? compare(key, range) == 0 : compare(key, range.lower) >= 0 && compare(key, range.upper) <= 0;

class Store {
  constructor({keyPath, autoIncrement} = {}) {
    Object.assign(this, {keyPath, autoIncrement, rows: [], next: 1});
  }

  keyOf(value) {
    const path = this.keyPath;
    return Array.isArray(path) ? path.map(name => value[name]) : value[path];
  }

  get(key) {
    const row = this.rows.find(([k]) => compare(k, key) == 0);
    return row && structuredClone(row[1]);
  }

  getAll(range, count = Infinity) {
    return this.rows.filter(([key]) => range === undefined || isIn(key, range)).slice(0, count).map(([, value]) => structuredClone(value));
  }

  put(value, key) {
    const kept = structuredClone(value);
    if (this.autoIncrement && kept[this.keyPath] === undefined) kept[this.keyPath] = this.next;
    if (this.keyPath) key = this.keyOf(kept);
    if ([key].flat().some(part => part === undefined || part === null || Number.isNaN(part))) throw new Error('DataError');
    if (this.autoIncrement && key >= this.next) this.next = key + 1;
    const at = this.rows.findIndex(([k]) => compare(k, key) >= 0);
    if (at < 0) this.rows.push([key, kept]);
    else this.rows.splice(at, compare(this.rows[at][0], key) == 0 ? 1 : 0, [key, kept]);
    return key;
  }

  delete(range) {
    this.rows = this.rows.filter(([key]) => !isIn(key, range));
  }

  clear() {
    this.rows = [];
  }
}

class Transaction {
  constructor(base) {
    Object.assign(this, {base, asked: [], isDone: false, error: null});
  }

  objectStore(name) {
    const ask = does => (...what) => {
      if (this.isDone) throw new Error('TransactionInactiveError');
      const request = {};
      if (!does.startsWith('get')) this.hasWritten = true;
      this.asked.push({request, work: () => this.base.stores[name][does](...what)});
      return request;
    };
    return Object.fromEntries(['get', 'getAll', 'put', 'delete', 'clear'].map(does => [does, ask(does)]));
  }

  abort() {
    if (this.isDone) throw new Error('InvalidStateError');
    this.isAborted = true;
  }

  async work() {
    const before = Object.entries(this.base.stores).map(([name, {rows, next}]) => [name, [...rows], next]);
    const turn = () => new Promise(setImmediate);
    await turn();
    while (this.asked.length && !this.isAborted) {
      const {request, work} = this.asked.shift();
      try {
        request.result = work();
        if (request.onsuccess) request.onsuccess({});
      } catch (problem) {
        this.error = request.error = problem;
        this.isAborted = true;
        if (request.onerror) request.onerror({});
      }
      if (!this.asked.length) await turn();
    }
    if (this.base.isFull && this.hasWritten) this.isAborted = true;
    this.isDone = true;
    if (!this.isAborted) return this.oncomplete && this.oncomplete({});
    before.forEach(([name, rows, next]) => Object.assign(this.base.stores[name], {rows, next}));
    if (this.onabort) this.onabort({});
  }
}

// One origin's IndexedDB; tabs share it. `isFull`: nothing can be stored any more; `strict`: how often it was to be on the disk before it was said to be stored.
export class MemoryIDB {
  constructor() {
    Object.assign(this, {stores: null, queue: Promise.resolve(), busy: 0, strict: 0, isFull: false});
  }

  open() {
    const request = {};
    const database = {
      createObjectStore: (name, options) => this.stores[name] = new Store(options),
      transaction: (names, mode, {durability} = {}) => {
        if (durability == 'strict') this.strict++;
        const transaction = new Transaction(this);
        this.busy++;
        this.queue = this.queue.then(() => transaction.work()).finally(() => this.busy--);
        return transaction;
      },
    };
    setImmediate(() => {
      request.result = database;
      if (!this.stores) this.stores = {}, request.onupgradeneeded({});
      request.onsuccess({});
    });
    return request;
  }

  // Everything that is stored, as text: what must not be there is searched in it.
  text() {
    return JSON.stringify(Object.values(this.stores).map(({rows}) => rows));
  }

  all(name) {
    return this.stores[name].rows.map(([, value]) => value);
  }
}
