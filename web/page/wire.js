// Frames of `maatje.v1.lite` as plain objects, and back (docs/protocol.md, Lite). Pure: what a wire remembers is in an object that each socket,
// and each POST, has for itself: {at, device, places, asked, dictionaries, cursor}; `places` has a conversation's {cursor, you} by slot.
// A dictionary brings the functions of squeeze.js with it: a wire that offers none needs them not.
import {malformed, pack, unpack} from './pack.js';

const split = text => text.split(' ');
const KINDS = split('message edit retract hide restore join leave close meeting');

// Down: the place in this list is the number of a frame; its name, then its fields.
const DOWN = `entry slot at body author kind seq target member edited_seq retracted_seq concealed draft media meeting hidden_seq
welcome now life device person heartbeat dictionaries window
sent ref seq at help
page ref more
done ref
pong ref
error code ref retry_after
head slot seq
marks slot
card slot id kind state you first_seq last_seq stamp members read_seq closes_at muted_until left
bye code retry_after
budget step used budget
upgrade version
flagged ref at answer_by on_duty
escalated ref at answer_by name on_duty
waiting ref until help
statements unread`.split('\n').map(split);

// Up: a number stands for itself, a name for the field. What is said seldom brings its own `layout`.
const UP = {
  message: 'slot ref draft body media',
  edit: '-1 ref slot draft target body',
  retract: '-2 ref slot draft target',
  ack: '-3 n',
  read: '-4 slot seq ref',
  history: '-5 ref slot limit before after',
  ping: '-9 ref',
  resume: '-10 cursor wait dictionaries page',
};

const toText = bytes => Array.from(bytes, byte => (byte + 256).toString(16).slice(1)).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const toBytes = uuid => Uint8Array.from(uuid.replace(/-/g, '').match(/../g), pair => parseInt(pair, 16));

// Drafts of a device are called by what tells the end of their UUID from its own.
const low = uuid => parseInt(uuid.slice(-8), 16);
export const draftOf = (device, n) => device.slice(0, -8) + ((low(device) ^ n) + 2 ** 32).toString(16).slice(-8);

const READ = {
  // Times are told as what passed since the one told before.
  at: (gap, wire) => wire.at += gap,
  body: (body, {dictionaries}) => typeof body == 'string' ? body : dictionaries[body.ext || 0].expand(body.bytes || body, dictionaries[body.ext || 0]),
  kind: kind => KINDS[kind] || kind,
  draft: (draft, {device}) => draft.length ? toText(draft) : draftOf(device, draft),
  members: members => members.map(([number, name, role, delivered, read, left]) => ({number, name, role, delivered: delivered || 0, read, left})),
  id: toText,
  device: toText,
  person: toText,
};

const WRITE = {
  body: (body, {dictionaries: [first]}) => first && first.squeeze(body, first) || body,
  draft: (draft, {device}) => draftOf(device, low(draft) ^ low(device)) == draft ? (low(draft) ^ low(device)) >>> 0 : toBytes(draft),
  media: media => toBytes(media[7]),
};

// Its place in the log is told when it is not the next one.
const place = (entry, wire, next) => {
  const {slot, kind, author, seq} = entry;
  entry.kind = kind || KINDS[0];
  if (author == null) entry.author = (wire.places[slot] || {}).you == 1 ? 2 : 1;
  entry.seq = seq || next;
  if (!(entry.seq > 0)) malformed();
  return entry;
};

const AFTER = {
  // A life starts afresh.
  welcome(frame, wire) {
    wire.at = frame.now;
    wire.heartbeat = frame.heartbeat;
    if (frame.life != null) wire.places = {}, wire.device = frame.device;
    if (frame.dictionaries) wire.dictionaries = frame.dictionaries.map((name, i) => name && wire.dictionaries[i]);
  },

  // Rising without holes: what is too far is not taken, and another wire resumes. Only where there was no cursor, the first one may be anywhere.
  entry(entry, wire) {
    const known = wire.places[entry.slot] = wire.places[entry.slot] || {isOpen: true}, {cursor, isOpen} = known;
    place(entry, wire, cursor + 1);
    entry.isNew = !(entry.seq <= cursor);
    if (entry.seq > cursor + 1 && !isOpen) malformed();
    if (entry.isNew) known.cursor = entry.seq;
    known.isOpen = false;
  },

  // A draft that became the very next entry: no entry follows, but for a meeting, of which only the entry says what became of it.
  sent(frame, wire) {
    const known = wire.places[frame.slot] || {};
    frame.isNew = frame.kind != 'meet' && frame.seq == known.cursor + 1;
    frame.author = known.you;
    if (frame.isNew) known.cursor++;
    frame.isAhead = frame.seq > known.cursor;
  },

  page(frame, wire, [, , , ...entries]) {
    let next;
    frame.entries = entries.map(values => {
      const entry = place(fields(values, DOWN[0], wire), wire, next);
      next = entry.seq + 1;
      return entry;
    });
  },

  marks(frame, wire, [, , ...numbers]) {
    frame.marks = [];
    while (numbers[0] != null) {
      const [number, delivered, read] = numbers.splice(0, 3);
      frame.marks.push({number, delivered, read});
    }
  },

  head(frame, wire) {
    wire.hasMore = true;
  },

  bye({code, retry_after}, wire) {
    Object.assign(wire, {code, retry_after});
  },

  // What comes before `first_seq` is not this person's to see.
  card(frame, wire) {
    const {slot, first_seq, you} = frame, {cursor, isOpen} = wire.places[slot] || {isOpen: true};
    frame.cursor = cursor >= first_seq ? cursor : first_seq - 1;
    wire.places[slot] = {cursor: frame.cursor, you, isOpen};
  },
};

function fields(values, [type, ...names], wire) {
  const frame = {type};
  names.forEach((name, i) => {
    if (values[i] != null) frame[name] = READ[name] ? READ[name](values[i], wire) : values[i];
  });
  return frame;
}

// A reply carries what it answers.
function meaning(values, wire) {
  const [number] = values, layout = DOWN[Math.max(0, -number)];
  if (!layout) return {};
  const told = fields(number < 0 ? values.slice(1) : values, layout, wire), frame = {...wire.asked[told.ref], ...told};
  delete wire.asked[told.ref];
  if (AFTER[frame.type]) AFTER[frame.type](frame, wire, values);
  return frame;
}

// The frames of one message. Whatever is wrong with it: malformed.
export function readFrames(bytes, wire) {
  try {
    const value = unpack(bytes);
    return (value[0].length ? value : [value]).map(values => meaning(values, wire));
  } catch (problem) {
    return malformed();
  }
}

// One message that says these commands.
export function writeFrames(commands, wire) {
  const frames = commands.map(command => {
    const values = split(command.layout || UP[command.type]).map(name => {
      const value = command[name];
      return +name || (value && WRITE[name] ? WRITE[name](value, wire) : value);
    });
    while (values[values.length - 1] == null) values.pop();
    return values;
  });
  return pack(frames[1] ? frames : frames[0]);
}

// A new wire for a device that stored these cards.
export function wireOf(life, device, cards, dictionaries) {
  const wire = {at: 0, device, places: {}, asked: {}, dictionaries}, cursor = [life];
  for (const {slot, cursor: seq, stamp, members, you} of cards) {
    const marks = members.reduce((sum, {number, delivered, read}) => sum + (read || 0) + (number == you ? 0 : delivered), 0);
    wire.places[slot] = {cursor: seq, you};
    cursor.push(slot, seq, stamp, marks % 65536);
  }
  if (life != null) wire.cursor = pack(cursor);
  return wire;
}
