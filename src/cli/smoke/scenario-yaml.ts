import { isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import { usageError } from '../cli-error.js';
import type { ScenarioItem } from './scenario-item.js';

/** The steps of a scenario in YAML: one list. @throws CliError E_USAGE with the number of the line */
export function yamlItems(text: string, path: string): readonly ScenarioItem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const where = (offset: number) => `${path}:${lines.linePos(offset).line}`;
  const [error] = document.errors;
  if (error !== undefined) throw usageError(`${where(error.pos[0])}: ${error.message}`);
  const { contents } = document;
  if (contents === null) return [];
  if (!isSeq(contents)) throw usageError(`${path}: a scenario is a list of steps`);
  return contents.items.map((item): ScenarioItem => {
    if (!isNode(item)) throw usageError(`${path}: a scenario is a list of steps`);
    const at = where(item.range[0]);
    try {
      return { where: at, value: item.toJS(document) as unknown };
    } catch (cause) {
      // An alias to nothing, or too many of them.
      throw usageError(`${at}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  });
}
