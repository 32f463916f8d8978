// A browser without a screen: a clock that moves when told, tabs that share a database, a network that can be cut.
import {IDBKeyRange, MemoryIDB} from './memory_idb.mjs';
import {load, pack} from './page.mjs';
import {Server} from './server.mjs';

let tabCount = 0;

export class World {
  constructor() {
    Object.assign(this, {now: 1.8e12, timers: [], timerCount: 0, idb: new MemoryIDB(), storage: new Map(), tabs: [], locks: [], sockets: 'ok', network: 'ok', pending: 0, rest: {}, biggest: 0, who: ''});
    this.server = new Server(this);
  }

  async settle() {
    for (let calm = 0; calm < 12; calm++) {
      await new Promise(setImmediate);
      if (this.idb.busy || this.pending) calm = 0;
    }
  }

  // Let time pass: every timer at its moment.
  async pass(seconds) {
    const end = this.now + seconds * 1000;
    await this.settle();
    for (;;) {
      const next = this.timers.filter(({at}) => at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
      if (!next) break;
      this.timers.splice(this.timers.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      if (next.every) this.timers.push({...next, at: this.now + next.every});
      next.act();
      await this.settle();
    }
    this.now = end;
  }

  // The connection dies: with a word to both ends, or (silently) without.
  cut(isSilent) {
    for (const tab of this.tabs) for (const socket of [...tab.open]) isSilent ? socket.isDeaf = true : socket.die(1006);
  }

  async tab(options) {
    const tab = new Tab(this, options);
    this.tabs.push(tab);
    globalThis.tabs.set(tab.number, tab.globals);
    tab.modules = await load(tab.number, options);
    return tab;
  }

  async started(options) {
    return this.begin(await this.tab(options));
  }

  async begin(tab) {
    if (this.person) {
      await tab.modules.store.openStore();
      await tab.modules.owner.keepPerson(this.person);
      this.person = null;
    }
    tab.began = await tab.start();
    await this.settle();
    return tab;
  }
}

class Tab {
  constructor(world, {hasLocks = true, isHidden = false} = {}) {
    Object.assign(this, {world, number: ++tabCount, hears: {storage: [], online: [], visibilitychange: []}, open: new Set(), told: [], complaints: [], dials: []});
    const listen = (name, hear) => (this.hears[name] = this.hears[name] || []).push(hear);
    this.globals = {
      indexedDB: world.idb,
      IDBKeyRange,
      localStorage: this.storage(),
      document: {
        get cookie() {
          return [world.who && '__Host-maatje-who=' + world.who, 'other=1'].filter(Boolean).join('; ');
        },
        set cookie(text) {
          const [, half, age] = text.match(/^__Host-maatje-who=(.*?);path=\/;secure;samesite=strict;max-age=(\d+)$/);
          world.who = +age ? half : '';
          if (+age) world.timers.push({id: ++world.timerCount, at: world.now + age * 1000, act: () => world.who = world.who == half ? '' : world.who});
        },
        hidden: isHidden, documentElement: {lang: 'nl', dataset: {page: '0badcafe'}}, addEventListener: listen,
      },
      navigator: hasLocks ? {locks: {request: (name, ...what) => this.lock(what.pop(), what[0])}} : {},
      location: {origin: 'https://maatje.test'},
      addEventListener: listen,
      AbortController,
      console: {error: problem => this.complaints.push(problem)},
      fetch: (...what) => this.fetching(...what),
      WebSocket: this.socketClass(),
      Date: {now: () => world.now},
      ...this.clock(),
    };
    this.globals.self = this.globals;
    this.fetching = this.fetch;
  }

  get sync() {
    return {...this.modules.showing, ...this.modules.sync};
  }

  async start() {
    for (const name of ['list', 'talk', 'status', 'budget', 'in']) this.sync.on(name, value => this.told.push([name, value]));
    return this.sync.start();
  }

  clock() {
    const {world} = this, add = (act, wait, every) => {
      world.timers.push({id: ++world.timerCount, at: world.now + (wait || 0), act, every, tab: this});
      return world.timerCount;
    };
    const clear = id => world.timers = world.timers.filter(timer => timer.id != id);
    return {setTimeout: (act, wait) => add(act, wait), setInterval: (act, wait) => add(act, wait, wait), clearTimeout: clear, clearInterval: clear};
  }

  storage() {
    const {world} = this, tell = (key, newValue) => {
      for (const tab of world.tabs) if (tab != this && !tab.isDead) setImmediate(() => tab.hears.storage.forEach(hear => hear({key, newValue})));
    };
    return new Proxy({}, {
      get: (_, key) => key == 'removeItem' ? name => world.storage.delete(name) : world.storage.get(key),
      set: (_, key, value) => (world.storage.set(key, String(value)), tell(key, String(value)), true),
      deleteProperty: (_, key) => (world.storage.delete(key), tell(key, null), true),
      ownKeys: () => [...world.storage.keys()],
      getOwnPropertyDescriptor: (_, key) => ({value: world.storage.get(key), enumerable: true, configurable: true}),
    });
  }

  // Web Locks: one holder, the others in line, but for who steals.
  lock(take, {steal} = {}) {
    const {locks} = this.world;
    return new Promise((done, failed) => {
      const turn = {tab: this, take, done, failed};
      if (steal && locks.length) {
        const {failed: lost} = locks.shift();
        locks.unshift(turn);
        lost(new Error('AbortError'));
      } else locks.push(turn);
      runLock(this.world);
    });
  }

  async fetch(path, {method = 'GET', body, signal} = {}) {
    const {world} = this, {server} = world;
    world.pending++;
    await new Promise(setImmediate);
    world.pending--;
    if (world.network != 'ok') throw new TypeError('network');
    if (path != '/lite') {
      const answer = (world.rest[`${method} ${path}`] || (() => [401, {code: 'unauthenticated'}]))(body && JSON.parse(body));
      return {ok: answer[0] < 300, status: answer[0], json: async () => answer[1]};
    }
    if (world.postRefusal) return {ok: false, status: world.postRefusal[0], json: async () => world.postRefusal[1]};
    let answer = server.post(new Uint8Array(body));
    const {wait} = server.posts[server.posts.length - 1];
    if (answer.isEmpty && wait) {
      await new Promise((done, failed) => {
        this.globals.setTimeout(done, wait * 1000);
        if (signal) signal.addEventListener('abort', () => failed(new Error('aborted')));
      });
      answer = server.post(new Uint8Array(body));
    }
    return {ok: true, status: 200, arrayBuffer: async () => answer.bytes.buffer};
  }

  socketClass() {
    const tab = this, {world} = this;
    return class {
      constructor(url, protocols) {
        Object.assign(this, {url, protocols, isOpen: false});
        tab.open.add(this);
        tab.dials.push(world.now);
        if (world.network == 'hung' || world.sockets == 'hung') return;
        const open = () => {
          if (this.isGone) return;
          if (world.network != 'ok' || world.sockets != 'ok') return this.die(1006);
          this.isOpen = true;
          const end = code => setImmediate(() => this.die(code));
          world.server.accept({send: frames => this.get(pack(frames)), end, deafen: () => this.isDeaf = true}, protocols);
          this.wire = [...world.server.wires].pop();
        };
        if (world.slowness) tab.globals.setTimeout(open, world.slowness * 1000);
        else setImmediate(open);
      }

      get(bytes) {
        world.pending++;
        setImmediate(() => {
          world.pending--;
          if (!this.isDeaf && this.isOpen && !this.isGone) this.onmessage({data: bytes.buffer});
        });
      }

      send(bytes) {
        if (!this.isOpen) throw new Error('InvalidStateError');
        if (this.isGone || this.isDeaf || !this.wire) return;
        const copy = new Uint8Array(bytes);
        world.biggest = Math.max(world.biggest, copy.length);
        setImmediate(() => this.wire.hear(copy));
      }

      close() {
        this.die(1000);
      }

      die(code) {
        if (this.isGone) return;
        this.isGone = true;
        tab.open.delete(this);
        world.server.wires.delete(this.wire);
        if (this.onclose) setImmediate(() => !tab.isDead && this.onclose({code}));
      }
    };
  }

  look(isHidden) {
    this.globals.document.hidden = isHidden;
    this.hears.visibilitychange.forEach(hear => hear({}));
    return this.world.settle();
  }

  online() {
    this.hears.online.forEach(hear => hear({}));
    return this.world.settle();
  }

  // As when the browser kills it: nothing of it runs any more.
  async die() {
    const {world} = this;
    this.isDead = true;
    for (const socket of [...this.open]) socket.die(1006);
    world.timers = world.timers.filter(({tab}) => tab != this);
    world.locks = world.locks.filter(({tab}) => tab != this);
    if (world.locks.length) runLock(world);
    await world.settle();
  }

  shown(slot = 1) {
    return this.sync.entries(slot, null, 999);
  }

  async texts(slot) {
    return (await this.shown(slot)).map(({body, retracted, state}) => (retracted ? '×' : body) + (state ? ` (${state})` : ''));
  }

  get status() {
    const all = this.told.filter(([name]) => name == 'status');
    return all.length ? all[all.length - 1][1] : {};
  }
}

async function runLock(world) {
  const turn = world.locks[0];
  if (!turn || turn.runs) return;
  turn.runs = true;
  await turn.take({});
  if (turn.tab.isDead || world.locks[0] != turn) return;
  world.locks.shift();
  turn.done();
  runLock(world);
}
