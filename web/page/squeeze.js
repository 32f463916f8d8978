// Text as few bytes: the strings of a dictionary's table as one byte each, then raw deflate (RFC 1951) with the dictionary's text as history.
// Of deflate's blocks the server writes the stored and the fixed ones, so these are all that is read here.

import {fromUtf8, malformed, toUtf8} from './pack.js';

const MOST = 16384;

// The fixed codes, as text of 0 and 1, by symbol; and the other way round.
const CODES = [], SYMBOLS = {};
for (let i = 0; i < 288; i++) {
  CODES[i] = (i < 144 ? 304 + i : i < 256 ? 768 + i : i < 280 ? i - 128 : 168 + i).toString(2).slice(1);
  SYMBOLS[CODES[i]] = i;
}

// Lengths and distances: where each of their symbols begins, and how many bits follow it.
const ranges = (count, base, step) => [...Array(count)].map((_, i) => {
  const bits = Math.max(0, (i >> step) - 1), range = {base, bits};
  base += 1 << bits;
  return range;
});
const LENGTHS = ranges(28, 3, 2), DISTANCES = ranges(30, 1, 1);
LENGTHS[28] = {base: 258, bits: 0};

export function inflate(bytes, history) {
  const start = history.length, out = new Uint8Array(start + MOST);
  let at = 0, end = start, last;
  out.set(history);

  const bit = () => at < 8 * bytes.length ? bytes[at >> 3] >> (at++ & 7) & 1 : malformed();

  const number = bits => {
    let value = 0;
    for (let i = 0; i < bits; i++) value += bit() << i;
    return value;
  };

  const ranged = range => range ? range.base + number(range.bits) : malformed();

  const put = byte => {
    out[end] = end++ < out.length ? byte : malformed();
  };

  const copy = (length, back) => {
    if (back > end) malformed();
    while (length--) put(out[end - back]);
  };

  const stored = () => {
    at = at + 7 & ~7;
    let length = number(16);
    if (length + number(16) != 65535) malformed();
    while (length--) put(number(8));
  };

  const fixed = () => {
    for (let symbol; symbol != 256;) {
      let code = '', far = 0;
      while (!(code in SYMBOLS)) code += bit();
      symbol = SYMBOLS[code];
      if (symbol < 256) put(symbol);
      if (symbol > 256) {
        const length = ranged(LENGTHS[symbol - 257]);
        for (let i = 0; i < 5; i++) far = 2 * far + bit();
        copy(length, ranged(DISTANCES[far]));
      }
    }
  };

  do {
    last = bit();
    const kind = number(2);
    kind > 1 ? malformed() : kind ? fixed() : stored();
  } while (!last);
  return at + 7 >> 3 < bytes.length ? malformed() : out.slice(start, end);
}

// One block with the fixed codes; at each byte the match that saves most.
export function deflate(bytes, history) {
  const end = history.length + bytes.length, all = new Uint8Array(end), bits = [];
  all.set(history);
  all.set(bytes, history.length);

  const number = (value, count) => {
    for (let i = 0; i < count; i++) bits.push(value >> i & 1);
  };

  const rangeOf = (value, list) => {
    let i = list.length;
    while (list[--i].base > value);
    return {i, rest: value - list[i].base, bits: list[i].bits};
  };

  number(3, 3);
  for (let i = history.length; i < end;) {
    let best = 0, from = i, tries = 256, step;
    while (from && tries-- && (from = all.lastIndexOf(all[i], from - 1)) >= 0) {
      let length = 1;
      while (length < 258 && all[from + length] == all[i + length]) length++;
      if (length > 2) {
        const near = rangeOf(length, LENGTHS), far = rangeOf(i - from, DISTANCES);
        const saved = 8.5 * length - 12 - near.bits - far.bits;
        if (saved > best) best = saved, step = {near, far, length};
      }
    }
    if (step) {
      const {near, far, length} = step;
      bits.push(...CODES[257 + near.i]);
      number(near.rest, near.bits);
      bits.push(...(32 + far.i).toString(2).slice(1));
      number(far.rest, far.bits);
      i += length;
    } else bits.push(...CODES[all[i++]]);
  }
  bits.push(...CODES[256]);
  const out = new Uint8Array(bits.length + 7 >> 3);
  bits.forEach((bit, i) => { out[i >> 3] |= bit << (i & 7); });
  return out;
}

// A dictionary as it is fetched: its strings, a line each, then after an empty line the text that serves as history.
export function read(file) {
  const [table, text] = fromUtf8(file).split('\n\n'), strings = table.split('\n'), codes = Object.create(null);
  strings.forEach((string, i) => { codes[string] = i + 1; });
  const dictionary = {codes, pieces: strings.map(toUtf8)};
  dictionary.history = encode(text, codes);
  return dictionary;
}

// Byte n is the n-th string of the table, the longest that fits; byte 0 is followed by one character in UTF-8.
function encode(text, codes) {
  const out = [];
  while (text) {
    let piece = text.slice(0, 20);
    while (piece && !codes[piece]) piece = piece.slice(0, -1);
    if (piece) out.push(codes[piece]);
    else out.push(0, ...toUtf8(piece = String.fromCodePoint(text.codePointAt())));
    text = text.slice(piece.length);
  }
  return Uint8Array.from(out);
}

// The bytes of a text, or null when it had better travel as it is.
export function squeeze(text, {codes, history}) {
  const bytes = deflate(encode(text, codes), history);
  return bytes.length + 1 < toUtf8(text).length ? bytes : null;
}

export function expand(bytes, {pieces, history}) {
  const codes = inflate(bytes, history), out = [];
  for (let at = 0; at < codes.length && out.length <= MOST;) {
    const code = codes[at++], first = codes[at], length = first < 128 ? 1 : first < 224 ? 2 : first < 240 ? 3 : 4;
    if (code > pieces.length || !code && at + length > codes.length) malformed();
    out.push(...code ? pieces[code - 1] : codes.slice(at, at += length));
  }
  return out.length > MOST ? malformed() : fromUtf8(Uint8Array.from(out));
}
