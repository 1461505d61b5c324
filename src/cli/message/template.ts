import { randomBytes } from 'node:crypto';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';

const names = ['n', 'time', 'random'];

/** A payload with placeholders, filled in for the message of this number (from 1). */
export type Template = (n: number) => Uint8Array;

/**
 * Compiles `{{n}}`, `{{time}}` (RFC 3339) and `{{random 16}}` (hex digits of so many random bytes).
 *
 * @throws CliError E_USAGE for any other placeholder
 */
export function compileTemplate(text: string): Template {
  for (const [, inner = ''] of text.matchAll(/\{\{(.*?)\}\}/g)) checkPlaceholder(inner.trim());
  return (n) =>
    Buffer.from(
      text.replace(/\{\{(.*?)\}\}/g, (_, inner: string) => {
        const [name, size] = inner.trim().split(/\s+/);
        if (name === 'n') return String(n);
        if (name === 'time') return new Date().toISOString();
        return randomBytes(Number(size ?? 8)).toString('hex');
      }),
    );
}

function checkPlaceholder(inner: string): void {
  const [name = '', size, ...more] = inner.split(/\s+/);
  const isKnown = names.includes(name) && more.length === 0;
  const isSized = size === undefined || (name === 'random' && /^[1-9]\d{0,5}$/.test(size));
  if (isKnown && isSized) return;
  const near = nearest(name, names);
  const help = near === undefined ? '' : `; did you mean {{${near}}}?`;
  throw usageError(
    `--template: there is no placeholder {{${inner}}}${help}`,
    'use {{n}}, {{time}} or {{random 16}}',
  );
}
