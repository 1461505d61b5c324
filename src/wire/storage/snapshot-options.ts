import { compareBytes, encodeUtf8 } from '../../base/index.js';
import { invalid } from '../errors.js';
import {
  fromTypedValue,
  type Option,
  toTypedValue,
  valueKindName,
  valueKinds,
} from '../payloads/index.js';
import { type Codec, field, mapped, struct } from '../schema/index.js';
import {
  fromBase64,
  packedBool,
  packedMap,
  packedText,
  packedTuple,
  toBase64,
} from './msgpack/index.js';

/** A stored option, and whether a client set it or it is a default. */
export interface StoredOption extends Option {
  readonly explicit: boolean;
}

const valuePart = packedTuple('OptionPart', {
  kind: field(packedText, 'Kind of the value.'),
  value: field(packedText, 'The value in base64.'),
});

const entry = struct('StoredOption', {
  key: field(valuePart, 'Name of the option.'),
  value: field(
    packedTuple('OptionSetting', {
      value: field(valuePart, 'Value of the option.'),
      explicit: field(packedBool, 'Set by a client; else a default.'),
    }),
    'Value and where it is from.',
  ),
});

function kindOf(name: string): number {
  const known: Readonly<Record<string, number>> = valueKinds;
  const kind = Object.hasOwn(known, name) ? known[name] : undefined;
  if (kind === undefined) throw invalid(`no value kind is named ${name}`);
  return kind;
}

const option: Codec<StoredOption> = mapped(
  'StoredOption',
  entry,
  ({ key, value: setting }) => {
    const name = toTypedValue(kindOf(key.kind), fromBase64(key.value));
    if (typeof name !== 'string') throw invalid('the name of an option is text');
    const kind = kindOf(setting.value.kind);
    const value = toTypedValue(kind, fromBase64(setting.value.value));
    return { key: name, kind, value, explicit: setting.explicit };
  },
  ({ key, kind, value, explicit }) => {
    const name = toBase64(fromTypedValue(valueKinds.string, key));
    const encoded = toBase64(fromTypedValue(kind, value));
    return {
      key: { kind: 'string', value: name },
      value: { value: { kind: valueKindName(kind), value: encoded }, explicit },
    };
  },
);

const list = packedMap(option);

/** The options of a stream, topic or user: a map, whose keys are in byte order when read or written. */
export const storedOptions: Codec<readonly StoredOption[]> = {
  ...list,
  read: (reader) => inKeyOrder(list.read(reader)),
  write: (writer, options) => list.write(writer, inKeyOrder(options)),
};

function inKeyOrder(options: readonly StoredOption[]): readonly StoredOption[] {
  if (options.length < 2) return options;
  const keyed = options.map((each) => ({ each, bytes: encodeUtf8(each.key) }));
  return keyed.sort((a, b) => compareBytes(a.bytes, b.bytes)).map(({ each }) => each);
}
