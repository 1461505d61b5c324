import { encodeUtf8 } from '../../base/index.js';
import {
  type Codec,
  clientVersionFields,
  codec,
  commands,
  isWireError,
  Reader,
} from '../../wire/index.js';
import type { SdkIdentity } from '../core/connection.js';

/** Credentials as one of the two untagged forms of a login body shows them. */
type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: Uint8Array }
  | { readonly kind: 'token'; readonly token: Uint8Array };

/** One way to read a login body. */
export interface LoginForm {
  readonly credentials: Credentials;
  /** Free text of the client; empty when absent. */
  readonly context: string;
}

const prefixCodec = codec.struct('ClientVersion', clientVersionFields);

/** What every login body begins with; `undefined` when that does not decode. */
export function parseLoginPrefix(body: Uint8Array): SdkIdentity | undefined {
  const prefix = tryRead(prefixCodec, body)?.value;
  if (prefix === undefined) return undefined;
  return {
    protocolVersion: prefix.protocol_version,
    name: prefix.sdk_name,
    version: prefix.sdk_version,
  };
}

/**
 * The forms to try, in order. Forms that use every byte are preferred; only when there is none do
 * forms with bytes left over count. The two forms are not tagged, password comes first.
 *
 * @source Iggy session protocol, login algorithm
 */
export function parseLoginForms(body: Uint8Array): readonly LoginForm[] {
  const forms: LoginForm[] = [];
  let exact = false;
  const password = tryRead(commands.login_register.request, body);
  if (password !== undefined) {
    exact = password.exact;
    const { username, context } = password.value;
    const secret = encodeUtf8(password.value.password);
    forms.push({
      credentials: { kind: 'password', username, password: secret },
      context: context ?? '',
    });
  }
  const token = tryRead(commands.login_register_with_pat.request, body);
  if (token === undefined || (exact && !token.exact)) return forms;
  if (token.exact && !exact) forms.length = 0;
  const secret = encodeUtf8(token.value.token);
  forms.push({ credentials: { kind: 'token', token: secret }, context: token.value.context ?? '' });
  return forms;
}

/** True for a client that promises to come back under the same identity. */
export function announcesResume(context: string): boolean {
  if (context.length > 128) return false;
  const [product, ...settings] = context.split(';');
  return product === 'iggyctl/1' && settings.includes('resume=1');
}

function tryRead<T>(
  form: Codec<T>,
  body: Uint8Array,
): { readonly value: T; readonly exact: boolean } | undefined {
  const reader = new Reader(body);
  try {
    const value = form.read(reader);
    return { value, exact: reader.remaining === 0 };
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}
