/** What a template of help may name. */
export interface HelpNames {
  readonly bin: string;
  /** Words of the command; nothing where help is about none. */
  readonly command: string | undefined;
}

/**
 * Fills in the names that summaries and examples use. The framework's templates are programs that are
 * compiled for every line, which takes longer than all the rest of a help; they are left what is none of
 * these names.
 */
export function filled(
  text: string,
  { bin, command }: HelpNames,
  template: (text: string) => string,
): string {
  if (!text.includes('%')) return text;
  const named = text.replaceAll('<%= config.bin %>', bin);
  const all = command === undefined ? named : named.replaceAll('<%= command.id %>', command);
  return /<%|%>/.test(all) ? template(all) : all;
}

const plainWords = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Breaks a line of plain words where the framework would; nothing for any other text. The framework looks
 * for escape sequences and wide characters in every word.
 */
export function wrappedWords(text: string, columns: number): string | undefined {
  if (!plainWords.test(text)) return undefined;
  if (text.length <= columns) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (word.length > columns) return undefined;
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].join('\n');
}
