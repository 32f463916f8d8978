// MessagePack, as much of it as the lite wire uses: nil, true, false, integers, str, bin, ext and arrays.
// A bin is a Uint8Array, an ext of type k is {ext: k, bytes}. Floats, maps and deep nests are malformed.

const MAX_DEPTH = 8;
const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const encoder = new TextEncoder();

export const toUtf8 = text => encoder.encode(text);
export const fromUtf8 = bytes => decoder.decode(bytes);

export function malformed() {
  throw new Error('malformed');
}

export function pack(value) {
  const out = [];

  const put = (number, size) => {
    while (size--) out.push(Math.floor(number / 256 ** size) & 255);
  };

  // The smallest of the heads that follow each other from `code` on, for lengths of 1 (or 2), 2, 4 bytes.
  const head = (length, code, size) => {
    while (length >= 256 ** size) code++, size *= 2;
    put(code, 1);
    put(length, size);
  };

  const append = bytes => bytes.forEach(byte => out.push(byte));

  const integer = number => {
    if (!Number.isSafeInteger(number)) malformed();
    if (number >= -32 && number < 128) return put(number, 1);
    let code = number < 0 ? 0xd0 : 0xcc, size = 1;
    const room = number < 0 ? -2 * number - 1 : number;
    while (room >= 256 ** size) code++, size *= 2;
    put(code, 1);
    put(number, size);
  };

  const write = item => {
    if (item == null) put(0xc0, 1);
    else if (item === true || item === false) put(item ? 0xc3 : 0xc2, 1);
    else if (typeof item == 'number') integer(item);
    else if (typeof item == 'string') {
      const bytes = toUtf8(item), length = bytes.length;
      length < 32 ? put(0xa0 + length, 1) : head(length, 0xd9, 1);
      append(bytes);
    } else if (item instanceof Uint8Array) {
      head(item.length, 0xc4, 1);
      append(item);
    } else if (Array.isArray(item)) {
      item.length < 16 ? put(0x90 + item.length, 1) : head(item.length, 0xdc, 2);
      item.forEach(write);
    } else if (item.bytes) {
      const fixed = [1, 2, 4, 8, 16].indexOf(item.bytes.length);
      fixed < 0 ? head(item.bytes.length, 0xc7, 1) : put(0xd4 + fixed, 1);
      put(item.ext, 1);
      append(item.bytes);
    } else malformed();
  };

  write(value);
  return Uint8Array.from(out);
}

export function unpack(bytes) {
  let at = 0;

  const take = length => {
    if (length > bytes.length - at) malformed();
    return bytes.slice(at, at += length);
  };

  const number = (size, signed) => {
    let value = 0;
    take(size).forEach((byte, i) => { value = value * 256 + (signed && !i ? byte << 24 >> 24 : byte); });
    return Number.isSafeInteger(value) ? value : malformed();
  };

  const text = length => fromUtf8(take(length));

  const list = (length, depth) => {
    const items = [];
    if (depth > MAX_DEPTH) malformed();
    while (length--) items.push(read(depth + 1));
    return items;
  };

  const extension = length => {
    const ext = number(1);
    return ext < 128 ? {ext, bytes: take(length)} : malformed();
  };

  const read = depth => {
    const kind = number(1), from = code => 1 << kind - code;
    if (kind < 0x80) return kind;
    if (kind < 0x90) malformed();
    if (kind < 0xa0) return list(kind - 0x90, depth);
    if (kind < 0xc0) return text(kind - 0xa0);
    if (kind == 0xc0) return null;
    if (kind == 0xc2 || kind == 0xc3) return kind == 0xc3;
    if (kind < 0xc4) malformed();
    if (kind < 0xc7) return take(number(from(0xc4)));
    if (kind < 0xca) return extension(number(from(0xc7)));
    if (kind < 0xcc) malformed();
    if (kind < 0xd0) return number(from(0xcc));
    if (kind < 0xd4) return number(from(0xd0), true);
    if (kind < 0xd9) return extension(from(0xd4));
    if (kind < 0xdc) return text(number(from(0xd9)));
    if (kind < 0xde) return list(number(2 * from(0xdc)), depth);
    return kind < 0xe0 ? malformed() : kind - 256;
  };

  try {
    const value = read(1);
    return at == bytes.length ? value : malformed();
  } catch (problem) {
    return malformed();
  }
}
