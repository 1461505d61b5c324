import { once } from '../base/index.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
const escapeSequence = /\u001b\[[0-9;]*m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const plainAscii = /^[\u0020-\u007e]*$/;
// One column each: Western letters and signs, dashes and dots, arrows, lines and blocks.
const narrow =
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2319\u231c-\u23e8\u2500-\u25fc]*$/;
// Made when a text needs them: these patterns take longer to read than most texts.
const combining = once(() => /^[\p{Mn}\p{Me}\p{Cf}]$/u);
const wide = once(
  () =>
    /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u,
);

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * `text` with everything that could move the cursor, recolour the terminal or reorder what is
 * read written as an escape. For any text that came from outside.
 */
export function printable(text: string): string {
  if (plainAscii.test(text)) return text;
  return text.replace(unsafe, (char) => {
    const code = char.charCodeAt(0);
    return shortEscapes[char] ?? `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** `text` without colour escapes. */
export function stripStyle(text: string): string {
  return text.includes('\u001b') ? text.replace(escapeSequence, '') : text;
}

/** Terminal columns that `text` takes; colour escapes take none, wide characters two. */
export function displayWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const char of stripStyle(text)) {
    if (combining().test(char)) continue;
    width += wide().test(char) ? 2 : 1;
  }
  return width;
}

/** The start of unstyled `text` in at most `width` columns, ending in `…` when something was cut. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  for (const char of text) {
    const next = displayWidth(char);
    if (used + next > width - 1) break;
    kept += char;
    used += next;
  }
  return `${kept}…`;
}

/** Fills with spaces on the right up to `width` columns. */
export function padRight(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Fills with spaces on the left up to `width` columns. */
export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Breaks unstyled `text` at spaces into lines of at most `width` columns; a longer word is cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    while (displayWidth(line) > width && width > 0) {
      const head = [...line].slice(0, width).join('');
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
