import { usageError } from '../cli-error.js';

/** A client id in hexadecimal, with or without `0x`. @throws CliError E_USAGE */
export function parseClientId(text: string): bigint {
  if (!/^(0x)?[0-9a-f]{1,32}$/i.test(text)) {
    throw usageError(`--client-id: "${text}" is not up to 32 hex digits`);
  }
  return BigInt(text.startsWith('0x') ? text : `0x${text}`);
}
