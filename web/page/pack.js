// MessagePack, as much of it as the lite wire uses: nil, true, false, integers, str, bin, ext and arrays.
// A bin is a Uint8Array, an ext of type k is {ext: k, bytes}. Floats, maps and deep nests are malformed.

const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const encoder = new TextEncoder();

export function malformed() {
  throw new Error('malformed');
}

export const toUtf8 = text => encoder.encode(text);

export function fromUtf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch (problem) {
    malformed();
  }
}

export function pack(value) {
  const out = [];

  const put = (number, size) => {
    while (size--) out.push(Math.floor(number / 256 ** size) & 255);
  };

  // Below `room` the number is part of the code; else codes that follow each other say that it has `size` bytes, twice as many, four times …
  const head = (number, code, room, small, size) => {
    if (number < room) return out.push(small + number);
    for (; number >= 256 ** size; size *= 2) code++;
    out.push(code);
    put(number, size);
  };

  const append = (bytes, code, room, small) => {
    head(bytes.length, code, room, small, 1);
    bytes.forEach(byte => out.push(byte));
  };

  const write = item => {
    if (item == null) out.push(0xc0);
    else if (item === !!item) out.push(0xc2 + item);
    else if (Number.isSafeInteger(item)) {
      if (item >= 0) return head(item, 0xcc, 128, 0, 1);
      if (item < -32) out.push(0xd3);
      put(item, item < -32 ? 8 : 1);
    } else if (Array.isArray(item)) {
      head(item.length, 0xdc, 16, 0x90, 2);
      item.forEach(write);
    } else if (item.bytes) {
      head(item.bytes.length, 0xc7, 0, 0, 1);
      out.push(item.ext, ...item.bytes);
    } else if (item instanceof Uint8Array) append(item, 0xc4, 0);
    else if (item === '' + item) append(toUtf8(item), 0xd9, 32, 0xa0);
    else malformed();
  };

  write(value);
  return Uint8Array.from(out);
}

export function unpack(bytes) {
  let at = 0;

  const take = length => length > bytes.length - at ? malformed() : bytes.slice(at, at += length);

  const number = (size, signed) => {
    const value = take(size).reduce((sum, byte, i) => sum * 256 + byte - (signed && !i && byte > 127 ? 256 : 0), 0);
    return Number.isSafeInteger(value) ? value : malformed();
  };

  const text = length => fromUtf8(take(length));

  const extension = length => ({ext: number(1), bytes: take(length)});

  const list = (length, depth) => {
    const items = [];
    if (!depth) malformed();
    while (length--) items.push(read(depth - 1));
    return items;
  };

  const read = depth => {
    const kind = number(1);
    return kind < 0x80 ? kind
      : kind < 0x90 ? malformed()
      : kind < 0xa0 ? list(kind - 0x90, depth)
      : kind < 0xc0 ? text(kind - 0xa0)
      : kind < 0xc1 ? null
      : kind < 0xc2 ? malformed()
      : kind < 0xc4 ? kind > 0xc2
      : kind < 0xc7 ? take(number(1 << kind - 0xc4))
      : kind < 0xca ? extension(number(1 << kind - 0xc7))
      : kind < 0xcc ? malformed()
      : kind < 0xd4 ? number(1 << (kind & 3), kind > 0xcf)
      : kind < 0xd9 ? extension(1 << kind - 0xd4)
      : kind < 0xdc ? text(number(1 << kind - 0xd9))
      : kind < 0xde ? list(number(2 << kind - 0xdc), depth)
      : kind < 0xe0 ? malformed()
      : kind - 256;
  };

  const value = read(8);
  return at < bytes.length ? malformed() : value;
}
