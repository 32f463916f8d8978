// Text as few bytes: the strings of a dictionary's table as one byte each, then raw deflate (RFC 1951) with the dictionary's text as history.
// Of deflate's blocks the server writes the stored and the fixed ones, so these are all that is read here.

import {fromUtf8, malformed, toUtf8} from './pack.js';

const MOST = 16384;

// The fixed codes, as text of 0 and 1, by symbol; and the other way round.
const binary = number => number.toString(2).slice(1);
const FIXED = [], SYMBOLS = {};
for (let i = 0; i < 288; i++) {
  FIXED[i] = binary(i < 144 ? 304 + i : i < 256 ? 768 + i : i < 280 ? i - 128 : 168 + i);
  SYMBOLS[FIXED[i]] = i;
}

// Lengths and distances: the code of each of their symbols, where it begins, and how many bits follow it.
const ranges = (base, step, codes) => codes.map((code, i) => {
  const bits = Math.max(0, (i >> step) - 1), range = {code, base, bits};
  base += 1 << bits;
  return range;
});
const LENGTHS = ranges(3, 2, FIXED.slice(257, 285)), DISTANCES = ranges(1, 1, [...Array(30)].map((_, i) => binary(32 + i)));
LENGTHS.push({code: FIXED[285], base: 258, bits: 0});

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

  do {
    last = bit();
    const kind = number(2);
    let symbol, length;
    if (kind > 1) malformed();
    if (!kind) {
      at = at + 7 & ~7;
      length = number(16);
      if (length + number(16) != 65535) malformed();
      while (length--) put(number(8));
    }
    while (kind && symbol != 256) {
      let code = '';
      while (!(code in SYMBOLS)) code += bit();
      symbol = SYMBOLS[code];
      if (symbol < 256) put(symbol);
      if (symbol > 256) {
        length = ranged(LENGTHS[symbol - 257]);
        code = '';
        while (code.length < 5) code += bit();
        const back = ranged(DISTANCES[parseInt(code, 2)]);
        if (back > end) malformed();
        while (length--) put(out[end - back]);
      }
    }
  } while (!last);
  return at + 7 >> 3 < bytes.length ? malformed() : out.slice(start, end);
}

// One block with the fixed codes; at each byte the longest match, the nearest of these.
export function deflate(bytes, history) {
  const end = history.length + bytes.length, all = new Uint8Array(end);
  let bits = '110';
  all.set(history);
  all.set(bytes, history.length);

  const ranged = (value, list) => {
    const {code, base, bits: count} = list.filter(range => range.base <= value).pop();
    bits += code;
    for (let i = 0; i < count; i++) bits += value - base >> i & 1;
  };

  for (let i = history.length; i < end;) {
    let longest = 2, back, tries = 256;
    for (let from = i; from && tries-- && (from = all.lastIndexOf(all[i], from - 1)) >= 0;) {
      let length = 1;
      while (length < 258 && all[from + length] == all[i + length]) length++;
      if (length > longest) longest = length, back = i - from;
    }
    if (back) {
      ranged(longest, LENGTHS);
      ranged(back, DISTANCES);
      i += longest;
    } else bits += FIXED[all[i++]];
  }
  bits += FIXED[256];
  const out = new Uint8Array(bits.length + 7 >> 3);
  for (let i = 0; i < bits.length; i++) out[i >> 3] |= bits[i] << (i & 7);
  return out;
}

// A dictionary as it is fetched: its strings, a line each, then after an empty line the text that serves as history.
export function readDictionary(file) {
  const [table, text] = fromUtf8(file).split('\n\n'), strings = table.split('\n'), codes = Object.create(null);
  strings.forEach((string, i) => { codes[string] = i + 1; });
  return {codes, pieces: strings.map(toUtf8), history: encode(text, codes)};
}

// Byte n is the n-th string of the table, the longest that fits; byte 0 is followed by one character in UTF-8.
function encode(text, codes) {
  const out = [];
  while (text) {
    let piece = text.slice(0, 10);
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
  for (let at = 0; at < codes.length;) {
    const code = codes[at++], first = codes[at], length = first < 128 ? 1 : first < 224 ? 2 : first < 240 ? 3 : 4;
    if (code > pieces.length || !code && at + length > codes.length) malformed();
    if (out.push(...code ? pieces[code - 1] : codes.slice(at, at += length)) > MOST) malformed();
  }
  return fromUtf8(Uint8Array.from(out));
}
