/** One entry of a tar archive, built by hand: also such as no honest program writes. */
export interface RawEntry {
  readonly name: string;
  /** The type flag: `0` file (default), `1` hard link, `2` link, `3` `4` devices, `5` folder, `6` FIFO, and any other. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  /** Default 0o644. */
  readonly mode?: number;
  readonly target?: string;
  /** Records of a pax header before the entry. */
  readonly pax?: Readonly<Record<string, string>>;
}

const BLOCK = 512;

/** An archive in the ustar format, with the two empty blocks at its end. */
export function tarOf(...entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);
}

function blocksOf({ pax, ...entry }: RawEntry): readonly Buffer[] {
  const records = Object.entries(pax ?? {}).map(([key, value]) => paxRecord(key, value));
  const before = records.length === 0 ? [] : blocksOf({ name: 'PaxHeader', type: 'x', content: records.join('') });
  const content = Buffer.from(entry.content ?? '');
  return [
    ...before,
    headerOf(entry, content.length),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ];
}

function headerOf({ name, type = '0', mode = 0o644, target = '' }: RawEntry, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write('ustar\0', 257);
  header.write('00', 263);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** Its length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (String(length).length + Buffer.byteLength(rest) !== length) {
    length = String(length).length + Buffer.byteLength(rest);
  }
  return length + rest;
}
