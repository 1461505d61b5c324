// Writes bytes the way dump tools do, for reading them back.

const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, '0');
const ascii = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(
    '',
  );

function rows(bytes: Uint8Array, size: number): { at: number; row: Uint8Array }[] {
  const list: { at: number; row: Uint8Array }[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    list.push({ at, row: bytes.subarray(at, at + size) });
  }
  return list;
}

function groups(row: Uint8Array, size: number): string {
  return rows(row, size)
    .map((group) => Array.from(group.row, hex).join(''))
    .join(' ');
}

const offset = (at: number, digits: number): string => at.toString(16).padStart(digits, '0');
const lines = (list: readonly string[]): string => `${list.join('\n')}\n`;

export const plainHex = (bytes: Uint8Array): string => `${Buffer.from(bytes).toString('hex')}\n`;

export function xxd(bytes: Uint8Array): string {
  return lines(
    rows(bytes, 16).map(
      ({ at, row }) => `${offset(at, 8)}: ${groups(row, 2).padEnd(39)}  ${ascii(row)}`,
    ),
  );
}

/** `hexdump -C`: repeated lines as `*`, the length at the end. */
export function hexdumpCanonical(bytes: Uint8Array): string {
  const out: string[] = [];
  let previous = '';
  for (const { at, row } of rows(bytes, 16)) {
    const left = Array.from(row.subarray(0, 8), hex).join(' ');
    const right = Array.from(row.subarray(8), hex).join(' ');
    const text = `${left.padEnd(23)}  ${right.padEnd(23)}  |${ascii(row)}|`;
    if (text === previous && row.length === 16) {
      if (out.at(-1) !== '*') out.push('*');
    } else out.push(`${offset(at, 8)}  ${text}`);
    previous = text;
  }
  return lines([...out, offset(bytes.length, 8)]);
}

/** `hexdump` without options: little-endian words. */
export function hexdumpWords(bytes: Uint8Array): string {
  const out = rows(bytes, 16).map(({ at, row }) => {
    const words = rows(row, 2).map((pair) => `${hex(pair.row[1])}${hex(pair.row[0])}`);
    return `${offset(at, 7)} ${words.join(' ')}`;
  });
  return lines([...out, offset(bytes.length, 7)]);
}

export function odHex(bytes: Uint8Array): string {
  const out = rows(bytes, 16).map(({ at, row }) => `${offset(at, 6)} ${groups(row, 1)}`);
  return lines([...out, offset(bytes.length, 6)]);
}

/** `od -tx1z`: octal offsets and a gutter. */
export function odOctal(bytes: Uint8Array): string {
  const octal = (at: number) => at.toString(8).padStart(7, '0');
  const out = rows(bytes, 16).map(
    ({ at, row }) => `${octal(at)} ${groups(row, 1).padEnd(47)}  >${ascii(row)}<`,
  );
  return lines([...out, octal(bytes.length)]);
}

export interface TcpdumpOptions {
  readonly header?: string;
  readonly text?: boolean;
}

/** One packet as `tcpdump -x` or `-X` shows it. */
export function tcpdump(packet: Uint8Array, options: TcpdumpOptions = {}): string {
  const header =
    options.header ??
    '12:34:56.789012 IP 127.0.0.1.50000 > 127.0.0.1.8090: Flags [P.], seq 1:257, length 256';
  const out = rows(packet, 16).map(({ at, row }) => {
    const gutter = options.text === true ? `  ${ascii(row)}` : '';
    return `\t0x${offset(at, 4)}:  ${groups(row, 2).padEnd(39)}${gutter}`.trimEnd();
  });
  return lines(header === '' ? out : [header, ...out]);
}

/** Wireshark, "copy as hex + ASCII dump". */
export function wiresharkDump(bytes: Uint8Array): string {
  return lines(
    rows(bytes, 16).map(
      ({ at, row }) => `${offset(at, 4)}   ${groups(row, 1).padEnd(47)}   ${ascii(row)}`,
    ),
  );
}

/** One side of a followed stream as a hex dump; the other side is indented. */
export function followDump(bytes: Uint8Array, options: { start: number; other: boolean }): string {
  return lines(
    rows(bytes, 16).map(({ at, row }) => {
      const left = groups(row.subarray(0, 8), 1).padEnd(23);
      const right = groups(row.subarray(8), 1).padEnd(23);
      const text = `${ascii(row.subarray(0, 8))} ${ascii(row.subarray(8))}`;
      const indent = options.other ? '    ' : '';
      return `${indent}${offset(options.start + at, 8)}  ${left}  ${right}   ${text}`;
    }),
  );
}

export function cArray(bytes: Uint8Array, name = 'pkt1'): string {
  const out = rows(bytes, 8).map(({ row }) => {
    const list = Array.from(row, (byte) => `0x${hex(byte)}`).join(', ');
    return `${list}, /* ${ascii(row)} */`;
  });
  return lines([`static const unsigned char ${name}[${bytes.length}] = {`, ...out, '};']);
}

export function escapedString(bytes: Uint8Array): string {
  return lines(
    rows(bytes, 16).map(({ row }) => `"${Array.from(row, (b) => `\\x${hex(b)}`).join('')}" \\`),
  );
}

export const base64 = (bytes: Uint8Array): string =>
  `${Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\n')}\n`;
