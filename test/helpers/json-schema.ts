type Schema = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What of a value does not fit a JSON Schema; only what our own schemas are made of is known. */
export function schemaProblems(schema: unknown, value: unknown, path = '$'): string[] {
  if (!isRecord(schema)) return [`${path}: no schema`];
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    const check = checks[keyword];
    return check === undefined ? [`${path}: unknown keyword ${keyword}`] : check(rule, value, path);
  });
}

type Check = (rule: unknown, value: unknown, path: string) => string[];

const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
const when = (isWrong: boolean, problem: string) => (isWrong ? [problem] : []);

const checks: Readonly<Record<string, Check>> = {
  $schema: () => [],
  type: (rule, value, path) =>
    when(typeOf(value) !== rule, `${path}: ${shown(value)} is no ${String(rule)}`),
  const: (rule, value, path) =>
    when(value !== rule, `${path}: ${shown(value)} is not ${shown(rule)}`),
  enum: (rule, value, path) =>
    when(
      !Array.isArray(rule) || !rule.includes(value),
      `${path}: ${shown(value)} not of ${shown(rule)}`,
    ),
  pattern: (rule, value, path) =>
    when(
      !new RegExp(String(rule)).test(String(value)),
      `${path}: ${shown(value)} is not like ${rule}`,
    ),
  format: (_, value, path) =>
    when(
      !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(String(value)),
      `${path}: ${shown(value)} is no time`,
    ),
  anyOf: (rule, value, path) => {
    const each = Array.isArray(rule) ? rule.map((one) => schemaProblems(one, value, path)) : [];
    const kindsFirst = [...each].sort((a, b) => kindProblems(a) - kindProblems(b));
    return each.some((problems) => problems.length === 0)
      ? []
      : (kindsFirst[0] ?? [`${path}: none`]);
  },
  required: (rule, value, path) => {
    const names = Array.isArray(rule) ? rule.map(String) : [];
    return names.flatMap((name) =>
      when(!isRecord(value) || !(name in value), `${path}.${name} is missing`),
    );
  },
  properties: (rule, value, path) =>
    Object.entries(isRecord(rule) ? rule : {}).flatMap(([name, schema]) =>
      isRecord(value) && name in value
        ? schemaProblems(schema, value[name], `${path}.${name}`)
        : [],
    ),
  additionalProperties: (rule, value, path) =>
    Object.entries(isRecord(value) ? value : {}).flatMap(([name, member]) =>
      schemaProblems(rule, member, `${path}.${name}`),
    ),
  items: (rule, value, path) =>
    (Array.isArray(value) ? value : []).flatMap((item, index) =>
      schemaProblems(rule, item, `${path}[${index}]`),
    ),
};

function kindProblems(problems: readonly string[]): number {
  return problems.some((problem) => problem.startsWith('$.kind:')) ? 1 : 0;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
