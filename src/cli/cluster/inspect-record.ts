import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../cluster/index.js';
import { snakeCased } from './json-fields.js';

/** One node of a `cluster.inspect` record. */
export type InspectedNode = {
  readonly id: number;
  readonly sections: JsonObject;
};

/** A field in which two nodes differ; `null` where a node does not have it. */
export type Difference = {
  readonly field: string;
  readonly values: Readonly<Record<string, Json>>;
};

/** The result of `cluster inspect`. */
export type InspectRecord = {
  readonly kind: 'cluster.inspect';
  readonly v: 1;
  readonly nodes: readonly InspectedNode[];
  readonly diff?: readonly Difference[];
};

/** The answer of the control socket for one node: keys become snake_case, the id moves out. */
export function inspectedNode(answer: Json): InspectedNode {
  const renamed = snakeCased(answer);
  const { id, ...sections } = isJsonObject(renamed) ? renamed : {};
  return { id: typeof id === 'number' ? id : 0, sections };
}

/** Facts that differ between nodes by their nature. */
const ownFacts =
  /^(state\.(replica|pipeline_length|commit_max)$|state\.ignored|timers|sessions|journal\.bytes)/;

/** Fields in which the nodes differ. Rows of the client table are matched by client, of the log by op. */
export function differences(nodes: readonly InspectedNode[]): readonly Difference[] {
  const flat = nodes.map(({ id, sections }) => ({ id, fields: flattened(sections) }));
  const names = [...new Set(flat.flatMap(({ fields }) => [...fields.keys()]))];
  return names
    .filter((field) => !ownFacts.test(field))
    .map((field) => ({
      field,
      values: Object.fromEntries(flat.map(({ id, fields }) => [id, fields.get(field) ?? null])),
    }))
    .filter(({ values }) => new Set(Object.values(values).map((each) => String(each))).size > 1);
}

function flattened(sections: JsonObject): ReadonlyMap<string, Json> {
  const fields = new Map<string, Json>();
  const visit = (path: string, value: Json): void => {
    if (isJsonList(value)) {
      for (const [at, each] of value.entries()) visit(`${path}.${rowKey(each, at)}`, each);
    } else if (isJsonObject(value)) {
      for (const [key, each] of Object.entries(value)) visit(`${path}.${key}`, each);
    } else fields.set(path.slice(1), value);
  };
  visit('', sections);
  return fields;
}

/** What names a row of a list on every node. */
function rowKey(row: Json, at: number): string {
  if (!isJsonObject(row)) return String(at);
  const { client, op, name, stream, topic, partition } = row;
  if (typeof stream === 'number') return `${stream}/${String(topic)}/${String(partition)}`;
  if (typeof op === 'number') return `op ${op}`;
  if (typeof client === 'string') return client;
  return typeof name === 'string' ? name : String(at);
}
