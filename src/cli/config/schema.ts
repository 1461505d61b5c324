/** The shape of the config file, as data: it validates, suggests names and documents. */
type ValueKind = 'string' | 'boolean' | 'string[]' | 'duration' | 'choice';

export interface KeyRule {
  readonly kind: ValueKind;
  readonly choices?: readonly string[];
  /** May not stand in a project file. */
  readonly private?: boolean;
}

export const outputFormats = ['table', 'wide', 'json', 'ndjson', 'csv', 'plain', 'name'] as const;
const transports = ['tcp', 'ws', 'http', 'quic'] as const;

const output: KeyRule = { kind: 'choice', choices: outputFormats };
const color: KeyRule = { kind: 'choice', choices: ['auto', 'always', 'never'] };

/** Keys that `[defaults]` may hold; every context may hold them too. */
export const defaultKeys: Readonly<Record<string, KeyRule>> = {
  output,
  color,
  timeout: { kind: 'duration' },
  consistency: { kind: 'choice', choices: ['local', 'linearizable'] },
};

/** Keys of one `[contexts.NAME]`. */
export const contextKeys: Readonly<Record<string, KeyRule>> = {
  ...defaultKeys,
  description: { kind: 'string' },
  servers: { kind: 'string[]' },
  transport: { kind: 'choice', choices: transports },
  framing: { kind: 'choice', choices: ['vsr', 'correlated'] },
  username: { kind: 'string' },
  confirm: { kind: 'boolean' },
  prompt_color: { kind: 'string' },
  local_cluster: { kind: 'string' },
};

/** Keys of the tables inside a context. */
export const authKeys: Readonly<Record<string, KeyRule>> = {
  password: { kind: 'string', private: true },
  token: { kind: 'string', private: true },
};

export const tlsKeys: Readonly<Record<string, KeyRule>> = {
  enabled: { kind: 'boolean' },
  ca: { kind: 'string', private: true },
  server_name: { kind: 'string' },
  insecure: { kind: 'boolean' },
};

/** What a value of this kind looks like, for error messages. */
export function expectedForm(rule: KeyRule): string {
  switch (rule.kind) {
    case 'string':
      return 'a text in quotes';
    case 'boolean':
      return 'true or false';
    case 'string[]':
      return 'a list of texts, for instance ["127.0.0.1:8090"]';
    case 'duration':
      return 'a duration in quotes, for instance "5s"';
    case 'choice':
      return `one of ${(rule.choices ?? []).map((choice) => `"${choice}"`).join(', ')}`;
  }
}
