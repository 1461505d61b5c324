import { existsSync, readFileSync } from 'node:fs';
import { fromHex } from '../../base/index.js';
import { usageError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';

const hexText = /^(?:0x)?[0-9a-fA-F\s:]*$/;

/** Bytes from hexadecimal words, from a file, or from standard input with `-`. @throws CliError */
export function rawBytes(words: readonly string[]): Uint8Array {
  const text = words.join('');
  if (text === '') throw usageError('name the bytes: hexadecimal, a file, or - for standard input');
  if (text === '-') return contentOf(0, 'standard input');
  if (hexText.test(text)) return bytesOfHex(text);
  const [path = ''] = words;
  if (words.length > 1 || !existsSync(path)) {
    const what = words.length > 1 ? 'one file' : 'a file that is there';
    throw usageError(`"${words.join(' ')}" is neither hexadecimal nor ${what}`);
  }
  return contentOf(path, path);
}

/** What a file holds: text of hexadecimal digits, or the bytes themselves. */
function contentOf(source: string | number, name: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(source));
  } catch (error) {
    throw ioError('read', name, error);
  }
  if (bytes.length === 0) throw usageError(`${name} holds no bytes`);
  const text = new TextDecoder('latin1').decode(bytes);
  return hexText.test(text) ? bytesOfHex(text) : bytes;
}

function bytesOfHex(text: string): Uint8Array {
  const digits = text.replace(/^0x/, '').replaceAll(/[\s:]/g, '');
  if (digits.length % 2 === 1) throw usageError(`${digits.length} hex digits: one is missing`);
  return fromHex(digits);
}
