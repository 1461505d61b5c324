import type { FormName } from './form.js';
import { latin1 } from './lines.js';

/** How much of an input is looked at, at most, before its form is decided. */
export const sniffLength = 65_536;

const lineLimit = 40;
const xxdLine = /^\s*[0-9a-f]{8,}: ?[0-9a-f]{2}/i;
const hexdumpLine = /^[0-9a-f]{8,} {2}[0-9a-f]{2} .*\|/i;
const wordLine = /^[0-9a-f]{7,} +[0-9a-f]{4}(?: |$)/i;
const odLine =
  /^([0-9a-f]{6,})\s+((?:(?:[0-9a-f]{2}|[0-9a-f]{8}|[0-9a-f]{16}) )*[0-9a-f]{2,16})\b/i;
const wiresharkLine = /^\s*[0-9a-f]{4,8} {2,3}[0-9a-f]{2}(?: |$)/i;
const tcpdumpLine = /^\s*0x[0-9a-f]{4,}:\s/im;
const braces = /(?:=\s*\{|\{\s*(?:\/\*[^\n]*\*\/)?\s*(?:0x|\d))/;
const cString = /=\s*"\\x/;
const hexOnly = /^(?:[0-9a-f]|[\s:,-]|0x|\\x)*$/i;
const base64Only = /^[a-z0-9+/_-]{12,}={0,2}$/i;

/**
 * Which form an input has, from its first bytes. Never fails: text that is nothing else counts as
 * `hex`, whose parser then points at what it cannot read.
 */
export function sniffForm(prefix: Uint8Array, options: { readonly whole: boolean }): FormName {
  const capture = captureForm(prefix);
  if (capture !== undefined) return capture;
  if (!isText(prefix)) return 'binary';
  const text = latin1(prefix);
  if (tcpdumpLine.test(text)) return 'tcpdump';
  const lines = text
    .split('\n', lineLimit)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
  return dumpForm(lines) ?? looseForm(text, options.whole);
}

/** `binary` as soon as it is certain, so that a slow pipe of frames need not fill a prefix. */
export function sniffEarly(prefix: Uint8Array): FormName | undefined {
  if (prefix.length < 4) return undefined;
  return captureForm(prefix) ?? (isText(prefix) ? undefined : 'binary');
}

function captureForm(prefix: Uint8Array): FormName | undefined {
  const magic = [0, 1, 2, 3].reduce((word, at) => word * 256 + (prefix[at] ?? 0), 0);
  if (magic === 0x0a0d0d0a) return 'pcapng';
  const pcap = [0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1];
  return pcap.includes(magic) ? 'pcap' : undefined;
}

/** Control characters decide; bytes above 127 are text when they are UTF-8 lead and tail bytes. */
function isText(prefix: Uint8Array): boolean {
  let tail = 0;
  for (const byte of prefix) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c) {
      return false;
    }
    if (byte === 0x7f) return false;
    const isTail = byte >= 0x80 && byte < 0xc0;
    if (tail > 0 !== isTail) return false;
    if (isTail) tail -= 1;
    else if (byte >= 0xf0) tail = 3;
    else if (byte >= 0xe0) tail = 2;
    else if (byte >= 0xc0) tail = 1;
  }
  return true;
}

function dumpForm(lines: readonly string[]): FormName | undefined {
  const first = lines[0] ?? '';
  if (xxdLine.test(first)) return 'xxd';
  if (hexdumpLine.test(first)) return 'hexdump';
  if (wiresharkLine.test(first) && /^\s*0+ /.test(first)) return 'wireshark';
  if (wordLine.test(first) && !/^[0-9a-f]{8} /i.test(first)) {
    return hasHexOffsets(lines) ? 'hexdump' : 'od';
  }
  const od = odLine.exec(first);
  if (od !== null && /^0+$/.test(od[1] ?? '') && offsetsAgree(lines)) return 'od';
  return undefined;
}

/** Tells words of `hexdump` from those of `od`, whose offsets are octal: two lines in a row show it. */
function hasHexOffsets(lines: readonly string[]): boolean {
  for (const [at, line] of lines.entries()) {
    const [offset = '', ...words] = line.trim().split(/\s+/);
    const next = lines[at + 1]?.trim().split(/\s+/)[0] ?? '';
    if (!/^[0-9a-f]{7,}$/i.test(offset) || !/^[0-9a-f]{7,}$/i.test(next)) continue;
    const span = Number.parseInt(next, 16) - Number.parseInt(offset, 16);
    if (words.length === 8) return span <= 16;
  }
  return true;
}

/** Tells `000000 0e 00` of od from plain bytes: the second line's offset must count the first. */
function offsetsAgree(lines: readonly string[]): boolean {
  const words = (odLine.exec(lines[0] ?? '')?.[2] ?? '').split(' ');
  const count = words.join('').length / 2;
  const star = lines[1]?.trim() === '*';
  const next = /^([0-9a-f]{6,})(?:\s|$)/i.exec(lines[star ? 2 : 1] ?? '')?.[1];
  if (next === undefined) return false;
  return [16, 8, 10].some((radix) => {
    const offset = Number.parseInt(next, radix);
    return star ? offset > 0 && offset % count === 0 : offset > 0 && offset <= count;
  });
}

function looseForm(text: string, whole: boolean): FormName {
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return 'json';
  if (braces.test(text) || cString.test(text)) return 'c';
  if (start.startsWith('"\\x')) return 'wireshark';
  if (hexOnly.test(text)) return 'hex';
  const joined = text.replace(/[\r\n]+/g, '').trim();
  const padded = !whole || joined.length % 4 === 0 || !/[+/=]/.test(joined);
  return base64Only.test(joined) && joined.length % 4 !== 1 && padded ? 'base64' : 'hex';
}
