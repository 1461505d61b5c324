import { commands, encode, formatVersion, protocolVersion } from '../../wire/index.js';
import type { FoundCredentials } from '../connect/credentials.js';
import { requestFrameOf } from '../connect/dry-run.js';

/** A Register frame with the credentials; it holds a secret and must not be shown. */
export function loginFrame(
  credentials: FoundCredentials,
  clientId: bigint,
  session = 0n,
): Uint8Array {
  const common = {
    protocol_version: protocolVersion,
    sdk_name: 'iggyctl',
    sdk_version: formatVersion(protocolVersion),
    context: null,
  };
  if (credentials.method === 'token') {
    const { code, request } = commands.login_register_with_pat;
    const body = encode(request, { ...common, token: credentials.token.reveal() });
    return requestFrameOf({ code, body, clientId, session });
  }
  const { code, request } = commands.login_register;
  const { username, password } = credentials;
  const body = encode(request, { ...common, username, password: password.reveal() });
  return requestFrameOf({ code, body, clientId, session });
}
