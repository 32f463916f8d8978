// Text as few bytes: the strings of a dictionary's table as one byte each, then raw deflate (RFC 1951) with the dictionary's text as history.

import {fromUtf8, malformed, toUtf8} from './pack.js';

const MOST = 16384;
const EMPTY = new Uint8Array(0);

// How codes of lengths and distances begin, and how many bits follow them.
const ranges = (count, start, plain, step) => {
  const bits = [], bases = [];
  for (let i = 0; i < count; i++) {
    bits[i] = i < plain ? 0 : (i >> step) - 1;
    bases[i] = start;
    start += 1 << bits[i];
  }
  return {bits, bases};
};
const LENGTHS = ranges(29, 3, 8, 2), DISTANCES = ranges(30, 1, 4, 1);
LENGTHS.bits[28] = 0;
LENGTHS.bases[28] = 258;

// A Huffman code: how many symbols have each length, and the symbols in order of their codes.
function tree(lengths, strict) {
  const counts = new Array(16).fill(0), symbols = [];
  let left = 1, longest = 0;
  lengths.forEach(length => counts[length]++);
  counts[0] = 0;
  for (let length = 1; length < 16; length++) {
    left = 2 * left - counts[length];
    if (left < 0) malformed();
    if (counts[length]) longest = length;
    lengths.forEach((is, symbol) => is == length && symbols.push(symbol));
  }
  if (left && (strict || longest > 1)) malformed();
  return {counts, symbols};
}

const FIXED = [];
for (let i = 0; i < 288; i++) FIXED[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
const FIXED_TREES = [tree(FIXED), tree(new Array(32).fill(5))];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export function inflate(bytes, history = EMPTY) {
  const start = history.length, out = new Uint8Array(start + MOST);
  let at = 0, end = start, last;
  out.set(history);

  const bit = () => at < 8 * bytes.length ? bytes[at >> 3] >> (at++ & 7) & 1 : malformed();

  const read = count => {
    let value = 0;
    for (let i = 0; i < count; i++) value |= bit() << i;
    return value;
  };

  const symbol = ({counts, symbols}) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length < 16; length++) {
      code = code * 2 + bit();
      first = 2 * (first + counts[length - 1]);
      if (code - first < counts[length]) return symbols[index + code - first];
      index += counts[length];
    }
    return malformed();
  };

  const put = byte => {
    if (end == out.length) malformed();
    out[end++] = byte;
  };

  const stored = () => {
    at = at + 7 & ~7;
    const length = read(16);
    if ((length ^ read(16)) != 0xffff) malformed();
    for (let i = 0; i < length; i++) put(read(8));
  };

  const trees = () => {
    const literals = read(5) + 257, distances = read(5) + 1, codes = read(4) + 4;
    const lengths = new Array(19).fill(0), all = [];
    if (literals > 286 || distances > 30) malformed();
    for (let i = 0; i < codes; i++) lengths[ORDER[i]] = read(3);
    const code = tree(lengths, true);
    while (all.length < literals + distances) {
      const is = symbol(code);
      if (is == 16 && !all.length) malformed();
      const value = is < 16 ? is : is == 16 ? all[all.length - 1] : 0;
      let times = is < 16 ? 1 : is == 16 ? 3 + read(2) : is == 17 ? 3 + read(3) : 11 + read(7);
      while (times--) all.push(value);
    }
    if (all.length > literals + distances || !all[256]) malformed();
    return [tree(all.slice(0, literals)), tree(all.slice(literals))];
  };

  const block = ([literals, distances]) => {
    for (let is; (is = symbol(literals)) != 256;) {
      if (is < 256) {
        put(is);
        continue;
      }
      is -= 257;
      if (is > 28) malformed();
      let length = LENGTHS.bases[is] + read(LENGTHS.bits[is]);
      const far = symbol(distances);
      if (far > 29) malformed();
      const back = DISTANCES.bases[far] + read(DISTANCES.bits[far]);
      if (back > end) malformed();
      while (length--) put(out[end - back]);
    }
  };

  do {
    last = bit();
    const kind = read(2);
    kind == 0 ? stored() : kind == 1 ? block(FIXED_TREES) : kind == 2 ? block(trees()) : malformed();
  } while (!last);
  if (at + 7 >> 3 < bytes.length) malformed();
  return out.slice(start, end);
}

const codeOf = (value, {bases}) => {
  let code = bases.length - 1;
  while (bases[code] > value) code--;
  return code;
};

// One block with the fixed code; of all ways to say it with matches, the shortest.
export function deflate(bytes, history = EMPTY) {
  const start = history.length, end = start + bytes.length;
  const all = new Uint8Array(end), previous = new Int32Array(end).fill(-1), newest = {};
  all.set(history);
  all.set(bytes, start);
  for (let i = 0; i + 2 < end; i++) {
    const three = all[i] << 16 | all[i + 1] << 8 | all[i + 2];
    if (three in newest) previous[i] = newest[three];
    newest[three] = i;
  }

  // From the end to the start: what the rest costs in bits, and the first step of the cheapest way.
  const costs = new Array(end + 1).fill(0), lengths = [], backs = [];
  for (let i = end - 1; i >= start; i--) {
    const most = Math.min(258, end - i);
    let reach = 2, tries = 256;
    costs[i] = costs[i + 1] + FIXED[all[i]];
    lengths[i] = 1;
    for (let from = previous[i]; from >= 0 && reach < most && tries--; from = previous[from]) {
      let length = 0;
      while (length < most && all[from + length] == all[i + length]) length++;
      const far = DISTANCES.bits[codeOf(i - from, DISTANCES)] + 5;
      for (; reach < length;) {
        const code = codeOf(++reach, LENGTHS), cost = costs[i + reach] + FIXED[257 + code] + LENGTHS.bits[code] + far;
        if (cost < costs[i]) costs[i] = cost, lengths[i] = reach, backs[i] = i - from;
      }
    }
  }

  const out = [];
  let held = 0, count = 0;
  const write = (value, bits) => {
    for (let i = 0; i < bits; i++) {
      held |= (value >> i & 1) << count++;
      if (count == 8) out.push(held), held = count = 0;
    }
  };
  const huffman = (code, bits) => {
    while (bits--) write(code >> bits, 1);
  };
  const symbol = is => huffman(is < 144 ? 48 + is : is < 256 ? 256 + is : is < 280 ? is - 256 : is - 88, FIXED[is]);
  const ranged = (value, {bases, bits}, code) => write(value - bases[code], bits[code]);

  write(3, 3);
  for (let i = start; i < end; i += lengths[i]) {
    if (lengths[i] == 1) {
      symbol(all[i]);
      continue;
    }
    const near = codeOf(lengths[i], LENGTHS), far = codeOf(backs[i], DISTANCES);
    symbol(257 + near);
    ranged(lengths[i], LENGTHS, near);
    huffman(far, 5);
    ranged(backs[i], DISTANCES, far);
  }
  symbol(256);
  write(0, 7);
  return Uint8Array.from(out);
}

// A dictionary as it is fetched: its strings, a line each, then after an empty line the text that serves as history.
export function read(file) {
  const text = fromUtf8(file), ends = text.indexOf('\n\n'), table = text.slice(0, ends).split('\n');
  const dictionary = {strings: table.map(toUtf8), codes: new Map(), longest: 0};
  table.forEach((string, i) => {
    dictionary.codes.set(string, i + 1);
    dictionary.longest = Math.max(dictionary.longest, string.length);
  });
  dictionary.history = encode(text.slice(ends + 2), dictionary);
  return dictionary;
}

// Byte n is the n-th string of the table, the longest that fits; byte 0 is followed by one character in UTF-8.
function encode(text, {codes, longest}) {
  const out = [];
  for (let at = 0; at < text.length;) {
    let length = longest, code;
    while (length && !(code = codes.get(text.substr(at, length)))) length--;
    if (!length) {
      const character = String.fromCodePoint(text.codePointAt(at));
      out.push(0, ...toUtf8(character));
      length = character.length;
    } else out.push(code);
    at += length;
  }
  return Uint8Array.from(out);
}

// The bytes of a text, or null when it had better travel as it is.
export function squeeze(text, dictionary) {
  const bytes = deflate(encode(text, dictionary), dictionary.history);
  return bytes.length + 1 < toUtf8(text).length ? bytes : null;
}

export function expand(bytes, {strings, history}) {
  const codes = inflate(bytes, history), out = [];
  for (let at = 0; at < codes.length; at++) {
    let piece = strings[codes[at] - 1];
    if (!codes[at]) {
      const first = codes[at + 1], length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      piece = codes.slice(at + 1, at + 1 + length);
      at += length;
    }
    if (!piece || at >= codes.length || out.length + piece.length > MOST) malformed();
    out.push(...piece);
  }
  try {
    return fromUtf8(Uint8Array.from(out));
  } catch (problem) {
    return malformed();
  }
}
