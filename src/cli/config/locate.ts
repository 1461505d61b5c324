/** A place in a text, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Where a key of a TOML text stands. Follows `[section]` headers, dotted keys and inline tables;
 * a key that is written in a way it does not follow gives the nearest header, or 1:1.
 */
export function locate(text: string, path: readonly string[]): Position {
  let section: readonly string[] = [];
  let best: Position = { line: 1, column: 1 };
  let bestDepth = 0;
  text.split('\n').forEach((content, index) => {
    const header = /^(\s*\[+)([^\]]+)\]+/.exec(content);
    if (header !== null) {
      section = splitKey(header[2] ?? '');
      consider(section, { line: index + 1, column: (header[1] ?? '').length + 1 });
      return;
    }
    const assignment = /^(\s*)([^=#]+?)\s*=(.*)$/.exec(content);
    if (assignment === null) return;
    const key = [...section, ...splitKey(assignment[2] ?? '')];
    const column = (assignment[1] ?? '').length + 1;
    consider(key, { line: index + 1, column });
    const inner = path[key.length];
    const offset = inner === undefined ? -1 : (assignment[3] ?? '').search(inlineKey(inner));
    if (offset >= 0 && inner !== undefined) {
      const start = content.length - (assignment[3] ?? '').length;
      consider([...key, inner], { line: index + 1, column: start + offset + 2 });
    }
  });
  return best;

  function consider(key: readonly string[], at: Position): void {
    const matches = key.length <= path.length && key.every((part, depth) => part === path[depth]);
    if (!matches || key.length <= bestDepth) return;
    best = at;
    bestDepth = key.length;
  }
}

function splitKey(key: string): string[] {
  return [...key.matchAll(/"([^"]*)"|'([^']*)'|([^.\s"']+)/g)].map(
    (part) => part[1] ?? part[2] ?? part[3] ?? '',
  );
}

function inlineKey(key: string): RegExp {
  return new RegExp(`[{,\\s]${key.replace(/[^\w]/g, '\\$&')}\\s*=`);
}
