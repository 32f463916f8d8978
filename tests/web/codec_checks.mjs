// What the page's codec must do, wherever it runs: in node, or in a browser. Each check returns what went wrong, as sentences.

const bytesOf = hex => Uint8Array.from(hex.match(/../g) || [], pair => parseInt(pair, 16));
export const hexOf = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

// A value of packed.json as the page holds it, and back.
const live = value => Array.isArray(value) ? value.map(live)
  : value === null || typeof value != 'object' ? value
  : 'ext' in value ? {ext: value.ext, bytes: bytesOf(value.bin)} : bytesOf(value.bin);
const plain = value => Array.isArray(value) ? value.map(plain)
  : value instanceof Uint8Array ? {bin: hexOf(value)}
  : value && value.bytes ? {ext: value.ext, bin: hexOf(value.bytes)} : value;
const same = (one, other) => JSON.stringify(plain(one)) == JSON.stringify(plain(other));

function refused(act) {
  try {
    act();
  } catch (problem) {
    return problem.message == 'malformed';
  }
  return false;
}

export function checkPacked({pack, unpack}, {same: both, read, malformed}) {
  const wrong = [];
  const expect = (is, sentence) => is || wrong.push(sentence);
  for (const {value, hex} of both) {
    expect(same(unpack(bytesOf(hex)), live(value)), `unpack ${hex.slice(0, 40)}`);
    expect(hexOf(pack(live(value))) == hex, `pack ${hex.slice(0, 40)} gives ${hexOf(pack(live(value))).slice(0, 40)}`);
  }
  for (const {value, hex} of read) {
    expect(same(unpack(bytesOf(hex)), live(value)), `unpack ${hex}`);
    expect(same(unpack(pack(live(value))), live(value)), `pack and unpack what ${hex} means`);
  }
  for (const hex of malformed) expect(refused(() => unpack(bytesOf(hex))), `refuse ${hex.slice(0, 40)}`);
  for (const size of [65535, 65536, 70000]) {
    for (const value of ['x'.repeat(size), new Uint8Array(size), Array(size).fill(7), {ext: 2, bytes: new Uint8Array(size)}]) {
      expect(same(unpack(pack(value)), value), `pack and unpack ${size} bytes`);
    }
  }
  for (const value of [1.5, NaN, Infinity, 2 ** 53, {}, () => 0]) expect(refused(() => pack(value)), `refuse to pack ${String(value)}`);
  for (const value of ['-40', '7', 'true', '']) expect(unpack(pack(value)) === value, `keep the text ${value}`);
  return wrong;
}

// `files` holds the bytes of each dictionary by name.
export function checkBodies({readDictionary, squeeze, expand, inflate, deflate}, vectors, files) {
  const wrong = [], known = {};
  const expect = (is, sentence) => is || wrong.push(sentence);
  Object.keys(files).forEach(name => { known[name] = readDictionary(files[name]); });
  for (const {dictionary, text, hex} of vectors.bodies) {
    expect(expand(bytesOf(hex), known[dictionary]) === text, `expand ${hex.slice(0, 40)} with ${dictionary}`);
  }
  for (const {dictionary, why, hex} of vectors.malformed) expect(refused(() => expand(bytesOf(hex), known[dictionary])), `refuse ${why}`);
  for (const {dictionary, hex} of vectors.only_for_the_server) {
    expect(refused(() => expand(bytesOf(hex), known[dictionary])), `refuse codes made to measure with ${dictionary}`);
  }
  for (const name of Object.keys(known)) {
    for (const text of vectors.texts) {
      const bytes = squeeze(text, known[name]);
      expect(!bytes || expand(bytes, known[name]) === text, `squeeze and expand ${JSON.stringify(text.slice(0, 40))} with ${name}`);
    }
  }
  const all = Uint8Array.from({length: 16384}, (_, i) => i * i >> 5);
  expect(hexOf(inflate(deflate(all, known.small.history), known.small.history)) == hexOf(all), 'deflate and inflate every byte');
  return wrong;
}

// Bodies and packed values with something changed: either they still mean something, within the limit, or they are malformed.
export function fuzz({readDictionary, unpack, expand}, {packed, bodies}, files, rounds) {
  const wrong = [], verdicts = [], names = Object.keys(files), known = names.map(name => readDictionary(files[name]));
  let seed = 1;
  const chance = below => {
    seed = Math.imul(seed, 1664525) + 1013904223 >>> 0;
    return Math.floor(seed / 2 ** 32 * below);
  };
  const attempt = act => {
    try {
      return act();
    } catch (problem) {
      if (problem.message != 'malformed') wrong.push(String(problem));
      return null;
    }
  };
  const changed = hex => {
    const bytes = Array.from(bytesOf(hex));
    for (let times = 1 + chance(3); times--;) {
      const at = chance(bytes.length);
      [() => { bytes[at] ^= 1 << chance(8); }, () => bytes.splice(at, 1), () => bytes.splice(at, 0, chance(256))][chance(3)]();
    }
    return Uint8Array.from(bytes);
  };
  const seeds = bodies.bodies.filter(({hex}) => hex.length < 400), values = packed.same.filter(({hex}) => hex.length < 200);
  for (let round = 0; round < rounds; round++) {
    attempt(() => unpack(changed(values[chance(values.length)].hex)));
    const bytes = changed(seeds[chance(seeds.length)].hex), at = chance(names.length);
    const text = attempt(() => expand(bytes, known[at]));
    if (text !== null && new TextEncoder().encode(text).length > 16384) wrong.push(`${hexOf(bytes)} says too much`);
    if (round % 10 == 0) verdicts.push({dictionary: names[at], hex: hexOf(bytes), text});
  }
  return {wrong, verdicts};
}
