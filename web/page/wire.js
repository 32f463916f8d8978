// Frames of `maatje.v1.lite` as plain objects, and back (docs/protocol.md, Lite). Does nothing else: what a wire remembers is in an object
// that each socket, and each POST, gets for itself: {at, device, cursors, you, asked, dictionaries, cursor}.
import {malformed, pack, unpack} from './pack.js';
import {expand, squeeze} from './squeeze.js';

const split = text => text.split(' ');
const KINDS = split('message edit retract hide restore join leave close meeting');

// Down: place in this list = number of the frame; its name, then its fields.
const DOWN = `entry slot at body author kind seq target member edited_seq retracted_seq concealed draft media
welcome now life device person heartbeat dictionaries window
sent ref seq at
page ref more
done ref
pong ref
error code ref retry_after
head slot seq
marks slot
card slot id kind state you first_seq last_seq stamp members read_seq closes_at muted_until left
bye code retry_after
budget step used budget
upgrade version`.split('\n').map(split);

// Up: a number stands for itself, a name for the field.
const UP = {
  send: 'slot ref draft body media',
  edit: '-1 ref slot draft target body',
  retract: '-2 ref slot draft target',
  ack: '-3 n',
  read: '-4 slot seq ref',
  history: '-5 ref slot limit before after',
  conversations: '-6 ref',
  mute: '-7 ref slot until',
  leave: '-8 ref slot',
  ping: '-9 ref',
  resume: '-10 cursor wait dictionaries page',
};

const toText = bytes => Array.from(bytes, byte => (byte + 256).toString(16).slice(1)).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const toBytes = uuid => Uint8Array.from(uuid.replace(/-/g, '').match(/../g), pair => parseInt(pair, 16));
const low = uuid => parseInt(uuid.slice(-8), 16);

// The UUID of a device's n-th draft.
export const draftOf = (device, n) => device.slice(0, -8) + ((low(device) ^ n) >>> 0).toString(16).padStart(8, '0');

const READ = {
  // Times are told as what passed since the one told before.
  at: (gap, wire) => wire.at += gap,
  body: (body, {dictionaries}) => typeof body == 'string' ? body : expand(body.ext ? body.bytes : body, dictionaries[body.ext || 0]),
  kind: kind => KINDS[kind] || kind,
  draft: (draft, {device}) => draft.length ? toText(draft) : draftOf(device, draft),
  members: members => members.map(([number, name, role, delivered, read, left]) => ({number, name, role, delivered: delivered || 0, read, left: !!left})),
  id: toText,
  device: toText,
  person: toText,
};

const WRITE = {
  draft: (draft, {device}) => draft.slice(0, -8) == device.slice(0, -8) ? (low(draft) ^ low(device)) >>> 0 : toBytes(draft),
  body: (body, {dictionaries: [first]}) => first && squeeze(body, first) || body,
  media: media => toBytes(media.media || media),
};

// The defaults of an entry; its place in the log is told only when it is not the next one.
function place(entry, wire, next) {
  const {slot} = entry;
  if (entry.kind == null) entry.kind = KINDS[0];
  if (entry.author == null) entry.author = wire.you[slot] == 1 ? 2 : 1;
  if (entry.seq == null) entry.seq = next;
  if (!(entry.seq > 0)) malformed();
}

const AFTER = {
  welcome(frame, wire) {
    wire.at = frame.now;
    if (frame.device) wire.device = frame.device;
    if (frame.life != null) wire.cursors = {}, wire.you = {};
    if (frame.dictionaries) wire.dictionaries = wire.dictionaries.map((one, i) => frame.dictionaries[i] && one);
  },

  // Rising without holes: `is_known` was here before; one that is too far drops the link, and another one resumes.
  entry(entry, wire) {
    const {slot} = entry, cursor = wire.cursors[slot];
    place(entry, wire, cursor + 1);
    if (entry.seq <= cursor) entry.is_known = true;
    else if (entry.seq > cursor + 1 && !wire.fresh[slot]) malformed();
    else wire.cursors[slot] = entry.seq;
    if (wire.fresh[slot]) entry.is_first = true;
    delete wire.fresh[slot];
  },

  // A draft that became the very next entry: no entry follows.
  sent(frame, {asked, cursors}) {
    const {slot} = asked[frame.ref] || {};
    if (frame.seq != cursors[slot] + 1) return;
    frame.is_next = true;
    cursors[slot]++;
  },

  page(frame, wire, [, , , ...entries]) {
    let next;
    frame.entries = entries.map(values => {
      const entry = fields(values, DOWN[0], wire);
      place(entry, wire, next);
      next = entry.seq + 1;
      return entry;
    });
  },

  marks(frame, wire, [, , ...numbers]) {
    frame.marks = [];
    while (numbers.length) {
      const [number, delivered, read] = numbers.splice(0, 3);
      frame.marks.push({number, delivered, read});
    }
  },

  // What comes before `first_seq` is not this person's to see; of a conversation without a cursor the newest entries come, wherever they begin.
  card(frame, wire) {
    const {slot, first_seq} = frame;
    wire.you[slot] = frame.you;
    if (wire.cursors[slot] == null) wire.fresh[slot] = true;
    if (!(wire.cursors[slot] >= first_seq)) wire.cursors[slot] = first_seq - 1;
    frame.cursor = wire.cursors[slot];
  },
};

function fields(values, [type, ...names], wire) {
  const frame = {type};
  names.forEach((name, i) => {
    if (values[i] != null) frame[name] = READ[name] ? READ[name](values[i], wire) : values[i];
  });
  return frame;
}

function meaning(values, wire) {
  const [number] = values, layout = DOWN[Math.max(0, -number)];
  if (!layout) return {};
  const frame = fields(number < 0 ? values.slice(1) : values, layout, wire);
  if (AFTER[frame.type]) AFTER[frame.type](frame, wire, values);
  return frame;
}

const isBatch = value => Array.isArray(value[0]);

// The frames of one message. Whatever is wrong with it: malformed.
export function readFrames(bytes, wire) {
  try {
    const value = unpack(bytes);
    return (isBatch(value) ? value : [value]).map(values => meaning(values, wire));
  } catch (problem) {
    return malformed();
  }
}

function layOut(command, wire) {
  const values = split(UP[command.type]).map(name => {
    const value = command[name];
    return +name || (value != null && WRITE[name] ? WRITE[name](value, wire) : value);
  });
  while (values[values.length - 1] == null) values.pop();
  return values;
}

// One message that says these commands.
export function writeFrames(commands, wire) {
  const frames = commands.map(command => layOut(command, wire));
  return pack(frames.length > 1 ? frames : frames[0]);
}

const marksOf = ({members, you}) => members.reduce((sum, {number, delivered, read}) => sum + (read || 0) + (number == you ? 0 : delivered), 0) % 65536;

// A new wire for a device that stored these cards; there is room for a hundred.
export function wireOf(life, device, cards, dictionaries) {
  const wire = {at: 0, device, cursors: {}, you: {}, fresh: {}, asked: {}, dictionaries}, places = [life];
  if (life == null) return wire;
  cards.filter(({id}) => id).slice(-100).forEach(({slot, cursor, stamp, you, ...card}) => {
    wire.cursors[slot] = cursor;
    wire.you[slot] = you;
    places.push(slot, cursor, stamp, marksOf({you, ...card}));
  });
  wire.cursor = pack(places);
  return wire;
}
