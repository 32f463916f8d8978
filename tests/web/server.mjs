// A small server of `maatje.v1.lite`, from the protocol page alone: one person's conversations, sockets and POSTs.
import {pack, unpack} from './page.mjs';

export const DEVICE = '019ab0c4-9e00-7b1a-8a44-3f0c2b1d9e77';
export const PERSON = '019ab0c4-6f02-7d13-9768-75a54fd07b3b';
const KINDS = ['message', 'edit', 'retract', 'hide', 'restore', 'join', 'leave', 'close', 'meeting'];

export const bin = uuid => Uint8Array.from(uuid.replace(/-/g, '').match(/../g), pair => parseInt(pair, 16));
const hex = bytes => Buffer.from(bytes).toString('hex');
const trimmed = values => {
  while (values.length && values[values.length - 1] == null) values.pop();
  return values;
};

export class Conversation {
  constructor(slot, {id = `019ab0c4-7a10-7c3e-9d51-0000000000${slot + 10}`, you = 1} = {}) {
    Object.assign(this, {slot, id, you, kind: 'pair', state: 0, first: 1, stamp: 1, log: [], readSeq: 0});
    this.members = [[1, you == 1 ? 'Fatima' : 'Annemie', 'participant', 0, 0], [2, you == 1 ? 'Annemie' : 'Fatima', 'buddy', 0, 0]];
  }

  get last() {
    return this.log.length;
  }

  add(entry) {
    this.log.push({seq: this.last + 1, kind: 'message', author: 3 - this.you, ...entry});
    return this.log[this.last - 1];
  }

  // An entry as it is read now: words that were changed, hidden or taken back are not what they were.
  seen(entry) {
    const {kind, seq, target, body} = entry, words = this.wordsOf(target || seq);
    if (kind == 'edit') return {...entry, body: this.newest(target, 'edit', 'hide') == entry && !this.isAway(target) ? body : null};
    if (kind == 'restore') return {...entry, body: this.isAway(target) ? null : words};
    if (kind != 'message') return entry;
    const edit = this.newest(seq, 'edit'), retraction = this.newest(seq, 'retract');
    return {...entry, body: this.isAway(seq) ? null : words, edited_seq: edit && edit.seq, retracted_seq: retraction && retraction.seq, hidden_seq: this.hiddenAt(seq)};
  }

  newest(target, ...kinds) {
    return this.log.filter(one => one.target == target && kinds.includes(one.kind)).pop();
  }

  hiddenAt(target) {
    const newest = this.newest(target, 'hide', 'restore');
    return newest && newest.kind == 'hide' ? newest.seq : undefined;
  }

  isAway(target) {
    return !!this.newest(target, 'retract') || !!this.hiddenAt(target);
  }

  wordsOf(seq) {
    return (this.newest(seq, 'edit') || this.log[seq - 1]).body;
  }

  // The sum of what was told, and with `upTo`, of what a device that has so much of the log knows by itself: who has all before their own line has that.
  marks(upTo = 0) {
    const known = new Map(this.members.map(([number, , , delivered]) => [number, delivered]));
    for (const {seq, author} of this.log.slice(0, upTo)) if (known.get(author) == seq - 1) known.set(author, seq);
    return this.members.reduce((sum, [number, , , , read]) => sum + (read || 0) + (number == this.you ? 0 : known.get(number)), 0) % 65536;
  }
}

export class Server {
  constructor(world) {
    Object.assign(this, {world, conversations: new Map(), life: 7, device: DEVICE, person: PERSON, drafts: new Map(), kept: new Map(), wires: new Set(), refuses: [], upgrades: [], posts: [], ups: []});
    this.isSilent = false;
  }

  conversation(slot, options) {
    const made = new Conversation(slot, options);
    this.conversations.set(slot, made);
    return made;
  }

  // Somebody says something in a conversation; every open wire hears it.
  say(slot, entry) {
    const conversation = this.conversations.get(slot);
    const made = conversation.add({at: Math.floor(this.world.now / 1000), ...(typeof entry == 'string' ? {body: entry} : entry)});
    this.tellEntries(conversation);
    return made;
  }

  tellEntries(conversation, but) {
    for (const wire of this.wires) if (wire != but) {
      const frames = wire.missed(conversation);
      if (frames.length) wire.tell(frames);
    }
  }

  mark(slot, number, delivered, read) {
    const conversation = this.conversations.get(slot), member = conversation.members.find(one => one[0] == number);
    member[3] = Math.max(member[3], delivered);
    member[4] = read == null ? null : Math.max(member[4] || 0, read);
    for (const wire of this.wires) wire.tell([[-8, slot, number, member[3], member[4]]]);
  }

  tellCard(slot) {
    const conversation = this.conversations.get(slot);
    conversation.stamp++;
    for (const wire of this.wires) wire.tell([wire.card(conversation)]);
  }

  goodbye(code, retryAfter) {
    for (const wire of [...this.wires]) wire.tell([trimmed([-10, code, retryAfter])]), wire.end(code);
  }

  // A restored backup: another life, and a log that ends sooner.
  restore(work = () => {}) {
    this.life++;
    work(this);
    this.goodbye(4010, 0);
  }

  accept(socket, protocols) {
    this.upgrades.push(protocols);
    const offer = {cursor: null};
    for (const item of protocols) if (item.startsWith('c.')) offer.cursor = unpack(new Uint8Array(Buffer.from(item.slice(2), 'base64url')));
    const wire = new Wire(this, offer.cursor, socket);
    const refusal = this.refuses.shift();
    if (refusal) return wire.tell([trimmed([-10, ...refusal])]), wire.end(refusal[0]);
    this.wires.add(wire);
    wire.tell(wire.opening());
  }

  // POST /lite: everything in one answer.
  post(bytes) {
    const frames = unpack(bytes), list = Array.isArray(frames[0]) ? frames : [frames], [[, cursor, wait]] = list;
    const out = [], wire = new Wire(this, cursor && unpack(cursor), {send: said => out.push(...(Array.isArray(said[0]) ? said : [said]))});
    this.posts.push({list, wait: wait || 0});
    const opening = wire.opening();
    out.push(opening.shift());
    const isStale = !wire.isKnown && cursor;
    list.slice(1).forEach(command => wire.take(command, isStale));
    out.push(...opening.filter(frame => frame[0] < 0));
    for (const conversation of this.conversations.values()) out.push(...wire.missed(conversation));
    return {bytes: pack(out.length > 1 ? out : out[0]), isEmpty: out.length == 1};
  }
}

class Wire {
  constructor(server, cursor, socket) {
    Object.assign(this, {server, socket, at: 0, given: {}, got: 0, sent: 0, acked: 0});
    this.isKnown = !!cursor && cursor[0] == server.life;
    this.places = {};
    if (this.isKnown) for (let i = 1; i < cursor.length; i += 4) this.places[cursor[i]] = cursor.slice(i + 1, i + 4);
    this.named = new Set(this.isKnown ? Object.keys(this.places).map(Number) : []);
  }

  tell(frames) {
    this.sent++;
    this.socket.send(frames.length > 1 ? frames : frames[0]);
  }

  end(code) {
    this.server.wires.delete(this);
    this.socket.end(code);
  }

  opening() {
    const {server} = this;
    this.at = Math.floor(server.world.now / 1000);
    const welcome = this.isKnown ? [-1, this.at] : [-1, this.at, server.life, bin(server.device), bin(server.person)];
    const cards = [], entries = [];
    for (const conversation of server.conversations.values()) {
      const {slot, stamp, first, last} = conversation, place = this.places[slot];
      this.given[slot] = place ? place[0] : first - 1;
      if (!place || place[1] != stamp) cards.push(this.card(conversation));
      else if (place[2] != conversation.marks() && place[2] != conversation.marks(place[0])) cards.push([-8, slot, ...conversation.members.flatMap(([number, , , delivered, read]) => [number, delivered, read])]);
      const from = place ? place[0] + 1 : Math.max(first, last - 19);
      if (this.socket.end) entries.push(...this.missed(conversation, from));
      else if (!place) this.given[slot] = from - 1, this.jumps = {...this.jumps, [slot]: true};
    }
    return [welcome, ...cards, ...entries];
  }

  card({slot, id, kind, state, you, first, last, stamp, members, readSeq}) {
    const known = this.named.has(slot);
    this.named.add(slot);
    return trimmed([-9, slot, known ? null : bin(id), kind, state || null, you, first, last, stamp, members.map(one => [...one]), readSeq || null]);
  }

  missed(conversation, from) {
    const {slot} = conversation, frames = [];
    let expected = this.given[slot] + 1;
    if (this.jumps && this.jumps[slot]) expected = null, delete this.jumps[slot];
    for (let seq = from || this.given[slot] + 1; seq <= conversation.last; seq++) {
      frames.push(this.entry(conversation, conversation.log[seq - 1], expected));
      this.given[slot] = seq;
      expected = seq + 1;
    }
    return frames;
  }

  gap(at) {
    const gap = at - this.at;
    this.at = at;
    return gap;
  }

  entry(conversation, stored, expected) {
    const entry = conversation.seen(stored), {slot, you} = conversation, usual = you == 1 ? 2 : 1;
    const draft = entry.author != you || !entry.draft ? null : this.draft(entry.draft);
    return trimmed([
      slot, this.gap(entry.at), entry.body, entry.author == usual ? null : entry.author, KINDS.indexOf(entry.kind) || null, entry.seq == expected ? null : entry.seq,
      entry.target, entry.member, entry.edited_seq, entry.retracted_seq, entry.concealed, draft, entry.media, entry.meeting, entry.hidden_seq,
    ]);
  }

  draft(uuid) {
    const {device} = this.server;
    return uuid.slice(0, -8) == device.slice(0, -8) ? (parseInt(uuid.slice(-8), 16) ^ parseInt(device.slice(-8), 16)) >>> 0 : bin(uuid);
  }

  uuid(draft) {
    if (typeof draft != 'number') return hex(draft).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const {device} = this.server;
    return device.slice(0, -8) + ((parseInt(device.slice(-8), 16) ^ draft) >>> 0).toString(16).padStart(8, '0');
  }

  hear(bytes) {
    const value = unpack(bytes);
    (Array.isArray(value[0]) ? value : [value]).forEach(command => this.take(command));
  }

  take(command, isStale) {
    const {server} = this, [number] = command;
    server.ups.push(command);
    if (number == -3) return this.ack(command[1]);
    if (server.isSilent) return;
    if (number == -9) return this.tell([trimmed([-5, command[1]])]);
    if (number == -4) return this.read(command);
    if (number == -5) return this.history(command);
    if (number == -12) return this.tell([[-4, command[1]]]);
    if (number == -11) command = [number, command[1], command[2], command[4], command[3], ...command.slice(5)];
    const [ref, slot, draft] = number >= 0 ? [command[1], number, command[2]] : command.slice(1);
    if (isStale) return this.tell([[-6, 'not_resumed', ref]]);
    const refusal = server.refusal && server.refusal(command);
    if (refusal) return this.tell([trimmed([-6, refusal[0], ref, refusal[1]])]);
    if (number <= -13) return this.keep(number, ref, this.uuid(draft), command.slice(4));
    if (number == -11) return this.store(server.conversations.get(slot), this.uuid(draft), {kind: 'meeting', meeting: [command[5] || 1, 1, command[4], 0, 1, command[7] || [[29000000, 60, 60]]]}, ref);
    const kind = number >= 0 ? 'message' : number == -1 ? 'edit' : 'retract';
    const what = kind == 'message' ? {body: command[3], media: command[4] && [0, 900, 2900]} : {target: command[4], body: command[5]};
    this.store(server.conversations.get(slot), this.uuid(draft), {kind, ...what}, ref);
  }

  // A flag or a question: kept once, and answered every time.
  keep(number, ref, draft, what) {
    const {server} = this, at = Math.floor(server.world.now / 1000);
    server.kept.set(draft, what);
    if (!server.isDeaf) this.tell([number == -13 ? [-13, ref, this.gap(at), at + 14400, true] : [-14, ref, this.gap(at), at + 7200, 'Nele']]);
  }

  store(conversation, draft, what, ref) {
    const {server} = this, key = conversation.id + draft, known = server.drafts.get(draft);
    if (known && known.key != key + JSON.stringify(what)) return this.tell([[-6, 'draft_reused', ref]]);
    const entry = known ? known.entry : conversation.add({...what, author: conversation.you, draft, at: Math.floor(server.world.now / 1000)});
    server.drafts.set(draft, {key: key + JSON.stringify(what), entry});
    // Of a meeting only the entry says what became of it.
    if (entry.kind != 'meeting' && entry.seq == this.given[conversation.slot] + 1) this.given[conversation.slot]++;
    // An answer is lost with all that comes behind it.
    if (server.losesAnswers && this.socket.deafen) this.socket.deafen();
    this.tell([[-2, ref, entry.seq, this.gap(entry.at)]]);
    server.tellEntries(conversation, this);
    const rest = this.socket.end ? this.missed(conversation) : [];
    if (rest.length) this.tell(rest);
  }

  ack(n) {
    if (n > this.sent || n <= this.acked) throw new Error(`ack ${n} of ${this.sent}`);
    this.acked = n;
  }

  read([, slot, seq, ref]) {
    const conversation = this.server.conversations.get(slot), mine = conversation.members.find(([number]) => number == conversation.you);
    mine[4] = Math.max(mine[4], seq);
    conversation.readSeq = mine[4];
    if (ref != null) this.tell([[-4, ref]]);
  }

  history([, ref, slot, limit = 20, before]) {
    const conversation = this.server.conversations.get(slot), end = Math.min(before || Infinity, conversation.last + 1);
    const from = Math.max(conversation.first, end - (limit || 20));
    const page = [];
    for (let seq = from; seq < end; seq++) page.push(this.entry(conversation, conversation.log[seq - 1], page.length ? seq : null));
    this.tell([[-3, ref, from > conversation.first, ...page]]);
  }
}
