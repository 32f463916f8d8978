// MessagePack, as much of it as the lite wire uses: nil, true, false, integers, str, bin, ext and arrays.
// A bin is a Uint8Array, an ext of type k is {ext: k, bytes}. Floats, maps and deep nests are malformed.

const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const encoder = new TextEncoder();

export const toUtf8 = text => encoder.encode(text);

export function malformed() {
  throw new Error('malformed');
}

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

  // Codes that follow each other say that a number has `size` bytes, twice as many, four times …
  const head = (code, number, size, span = number) => {
    for (; span >= 256 ** size; size *= 2) code++;
    put(code, 1);
    put(number, size);
  };

  const write = item => {
    const bytes = typeof item == 'string' ? toUtf8(item) : item && item.ext ? item.bytes : item;
    const length = bytes && bytes.length;
    if (item == null) put(0xc0, 1);
    else if (item === !!item) put(0xc2 + item, 1);
    else if (Number.isSafeInteger(item)) {
      if (item >= -32 && item < 128) put(item, 1);
      else if (item < 0) head(0xd0, item, 1, -2 * item - 1);
      else head(0xcc, item, 1);
    } else if (Array.isArray(item)) {
      if (length < 16) put(0x90 + length, 1);
      else head(0xdc, length, 2);
      item.forEach(write);
    } else if (bytes instanceof Uint8Array) {
      const fixed = [1, 2, 4, 8, 16].indexOf(length);
      if (item == bytes) head(0xc4, length, 1);
      else if (bytes != item.bytes) length < 32 ? put(0xa0 + length, 1) : head(0xd9, length, 1);
      else {
        fixed < 0 ? head(0xc7, length, 1) : put(0xd4 + fixed, 1);
        put(item.ext, 1);
      }
      bytes.forEach(byte => out.push(byte));
    } else malformed();
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

  const list = (length, depth) => {
    const items = [];
    while (length--) items.push(read(depth));
    return items;
  };

  const extension = length => {
    const ext = number(1, true);
    return ext < 0 ? malformed() : {ext, bytes: take(length)};
  };

  const read = depth => {
    const kind = number(1), sized = from => number(1 << kind - from), text = length => fromUtf8(take(length));
    return kind < 0x80 ? kind
      : kind > 0xdf ? kind - 256
      : kind < 0x90 || !depth && (kind < 0xa0 || kind > 0xdb) ? malformed()
      : kind < 0xa0 ? list(kind - 0x90, depth - 1)
      : kind < 0xc0 ? text(kind - 0xa0)
      : kind < 0xc1 ? null
      : kind < 0xc2 ? malformed()
      : kind < 0xc4 ? kind > 0xc2
      : kind < 0xc7 ? take(sized(0xc4))
      : kind < 0xca ? extension(sized(0xc7))
      : kind < 0xcc ? malformed()
      : kind < 0xd0 ? sized(0xcc)
      : kind < 0xd4 ? number(1 << kind - 0xd0, true)
      : kind < 0xd9 ? extension(1 << kind - 0xd4)
      : kind < 0xdc ? text(sized(0xd9))
      : kind < 0xde ? list(number(kind - 0xdb << 1), depth - 1)
      : malformed();
  };

  const value = read(8);
  return at < bytes.length ? malformed() : value;
}
