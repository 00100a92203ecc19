/**
 * `base64 [-d]` encodes standard input in Base64 (RFC 4648, section 4), or with `-d` decodes it. Encoded text has 76
 * characters a line. Decoding passes over line ends.
 *
 * Ends with 1 if what is to be decoded is not Base64, and with 2 if it is called in another way.
 */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LINE_CHARS = 76;
const PADDING: u8 = 61; // =
const LINE_FEED: u8 = 10;
const CARRIAGE_RETURN: u8 = 13;

/** All of standard input. */
function readInput(): Uint8Array {
  let buffer = new ArrayBuffer(4096);
  let length = 0;
  while (true) {
    const count = process.stdin.read(buffer, length);
    if (count == 0) return Uint8Array.wrap(buffer, 0, length);
    length += count;
    if (length == buffer.byteLength) {
      const larger = new ArrayBuffer(2 * length);
      memory.copy(changetype<usize>(larger), changetype<usize>(buffer), length);
      buffer = larger;
    }
  }
}

function encode(input: Uint8Array): Uint8Array {
  const chars = (input.length + 2) / 3 * 4;
  const output = new Uint8Array(chars + (chars + LINE_CHARS - 1) / LINE_CHARS);
  let to = 0;
  let column = 0;
  for (let from = 0; from < input.length; from += 3) {
    const left = input.length - from;
    const bits = u32(input[from]) << 16
      | (left > 1 ? u32(input[from + 1]) << 8 : 0)
      | (left > 2 ? u32(input[from + 2]) : 0);
    for (let i = 0; i < 4; i++) {
      output[to++] = i > left ? PADDING : u8(ALPHABET.charCodeAt(bits >> (18 - 6 * i) & 63));
    }
    column += 4;
    if (column == LINE_CHARS || left <= 3) {
      output[to++] = LINE_FEED;
      column = 0;
    }
  }
  return output;
}

/** What each character stands for; 255 for those that stand for nothing. */
function values(): Uint8Array {
  const table = new Uint8Array(256).fill(255);
  for (let i = 0; i < 64; i++) table[ALPHABET.charCodeAt(i)] = u8(i);
  return table;
}

/** The decoded bytes; null if the text is not Base64. Bits that a last character has too many must be zero. */
function decode(input: Uint8Array): Uint8Array | null {
  const table = values();
  const output = new Uint8Array(input.length / 4 * 3);
  let to = 0;
  let bits: u32 = 0;
  let chars = 0;
  let padding = 0;
  for (let from = 0; from < input.length; from++) {
    const char = input[from];
    if (char == LINE_FEED || char == CARRIAGE_RETURN) continue;
    const value = char == PADDING && chars % 4 > 1 ? 0 : table[char];
    if (value == 255 || (padding > 0 && char != PADDING)) return null;
    if (char == PADDING) padding++;
    bits = bits << 6 | value;
    chars++;
    if (chars % 4 == 0) {
      if (padding > 2 || (bits & ((1 << (8 * padding)) - 1)) != 0) return null;
      for (let i = 0; i < 3 - padding; i++) output[to++] = u8(bits >> (16 - 8 * i));
      bits = 0;
    } else if (chars % 4 == 1 && padding > 0) {
      return null;
    }
  }
  return chars % 4 == 0 ? output.slice(0, to) : null;
}

function main(): i32 {
  const decoding = process.argv.length == 2 && process.argv[1] == "-d";
  if (process.argv.length > 1 && !decoding) {
    process.stderr.write("usage: base64 [-d]\n");
    return 2;
  }
  const input = readInput();
  const output = decoding ? decode(input) : encode(input);
  if (output === null) {
    process.stderr.write("base64: the input is not Base64\n");
    return 1;
  }
  process.stdout.write(output.buffer);
  return 0;
}

process.exit(main());
