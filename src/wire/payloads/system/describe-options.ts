import {
  array,
  blob,
  type Codec,
  field,
  mapped,
  name,
  type StructValue,
  struct,
  text,
  u8,
  u32,
} from '../../schema/index.js';
import { command } from '../command.js';
import {
  fromTypedValue,
  optionsScope,
  type TypedValue,
  toTypedValue,
  valueKindName,
} from '../primitives/index.js';

const shape = () => ({ scope: field(optionsScope, 'Whose options.') }) as const;
export interface DescribeOptionsRequest extends StructValue<typeof shape> {}

/** One option that can be set. */
export interface OptionDescription {
  readonly key: string;
  readonly kind: number;
  /** In the form of `kind`; `null` when there is none. */
  readonly default: TypedValue | null;
  readonly description: string;
}

const entry = struct('OptionDescription', () => ({
  key: field(name, 'Name of the option.'),
  kind: field({ ...u8, type: 'ValueKind:u8', display: valueKindName }, 'Kind of its value.'),
  default: field(blob(u32), 'Default in the encoding of the kind; empty = none.'),
  description: field(text(u32), 'Free text.'),
}));

const optionDescription: Codec<OptionDescription> = mapped(
  'OptionDescription',
  entry,
  (raw) => {
    const none = raw.default.length === 0;
    return { ...raw, default: none ? null : toTypedValue(raw.kind, raw.default) };
  },
  (described) => {
    const { kind, default: value } = described;
    return {
      ...described,
      default: value === null ? new Uint8Array() : fromTypedValue(kind, value),
    };
  },
);

const responseShape = () =>
  ({
    entries: field(array(u32, optionDescription), 'The catalogue; empty for streams and users.'),
  }) as const;
export interface DescribeOptionsResponse extends StructValue<typeof responseShape> {}

/** Reads which options can be set. */
export const describeOptions = command({
  code: 13,
  name: 'describe_options',
  dispatchName: 'options.describe',
  permission: 'any logged-in user',
  request: struct('DescribeOptions', shape, 1),
  response: struct('OptionDescriptions', responseShape),
});
