import {
  buildFrame,
  type CommandKey,
  type CommandSpec,
  commands,
  encode,
  Operation,
  type RequestOf,
  xxh3,
} from '../../../src/wire/index.js';

/** Fields of a request that tests vary. */
export interface RequestFields {
  readonly client?: bigint;
  readonly session?: number;
  readonly request?: bigint | number;
  /** `true` stamps the body; a value is taken as it is. */
  readonly stamp?: boolean | bigint;
  readonly consistency?: number;
}

export const X = 0x1111_2222_3333_4444_5555_6666_7777_8888n;
export const Y = 0x9999_aaaa_bbbb_cccc_dddd_eeee_0000_1111n;

/** A request frame with any operation and body. */
export function requestFrame(
  operation: number,
  body: Uint8Array = new Uint8Array(0),
  fields: RequestFields & { readonly code?: number } = {},
): Uint8Array {
  const { client = X, session = 0, request = 0, stamp = false, consistency = 0, code = 0 } = fields;
  const frame = buildFrame(
    'Request',
    {
      client,
      session: BigInt(session),
      request: BigInt(request),
      requestChecksum: stamp === true ? xxh3(body) : stamp === false ? 0n : stamp,
      commandCode: code,
      consistency,
    },
    body,
  );
  frame[176] = operation;
  return frame;
}

/** A request of a command, as official clients send it. */
export function commandFrame<K extends CommandKey>(
  key: K,
  value: RequestOf<K>,
  fields: RequestFields = {},
): Uint8Array {
  const spec = commands[key] as unknown as CommandSpec<RequestOf<K>>;
  const body = encode(spec.request, value);
  const code = spec.operation === Operation.NonReplicated ? spec.code : 0;
  return requestFrame(spec.operation, body, { ...fields, code });
}

/** A non-replicated request by its code. */
export function readFrame(
  code: number,
  body: Uint8Array = new Uint8Array(0),
  fields: RequestFields = {},
): Uint8Array {
  return requestFrame(Operation.NonReplicated, body, { ...fields, code });
}

const sdk = { protocol_version: 11_264, sdk_name: 'test-sdk', sdk_version: '1.0.0' } as const;

export interface LoginFields extends RequestFields {
  readonly username?: string;
  readonly password?: string;
  readonly context?: string;
  readonly version?: number;
}

export function loginBody(fields: LoginFields = {}): Uint8Array {
  const { username = 'iggy', password = 'iggy', version } = fields;
  const context = fields.context || null;
  const protocol_version = version ?? sdk.protocol_version;
  const value = { ...sdk, protocol_version, username, password, context };
  return encode(commands.login_register.request, value);
}

export function loginFrame(fields: LoginFields = {}): Uint8Array {
  return requestFrame(Operation.Register, loginBody(fields), fields);
}

export function tokenLoginFrame(
  token: string,
  fields: RequestFields & { readonly context?: string } = {},
): Uint8Array {
  const body = encode(commands.login_register_with_pat.request, {
    ...sdk,
    token,
    context: fields.context || null,
  });
  return requestFrame(Operation.Register, body, fields);
}

export function logoutFrame(fields: RequestFields): Uint8Array {
  return requestFrame(Operation.Logout, new Uint8Array(0), fields);
}
