import { emptyBytes, encodeUtf8 } from '../../base/index.js';
import { commands } from '../../wire/index.js';
import { abandon, deny } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import { decodeBody } from '../core/decode-body.js';
import type { Done } from '../core/done.js';
import type { Request } from '../core/request.js';
import { requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { proposeMetadata } from './propose-metadata.js';

/**
 * Passwords never enter the log: the node that is asked hashes them first.
 *
 * @source Iggy session protocol, secrets that are not replicated
 */
export function beginCreateUser(core: Core, request: Request, binding: Binding): Done {
  const asked = decodeBody(commands.create_user, requestBody(request.frame));
  if (asked === undefined) return deny(core, request, statusCode.invalidCommand);
  const work = { kind: 'create-user', request, binding } as const;
  core.passwords.hash(work, encodeUtf8(asked.password), core.out);
}

/** The hash of a new user's password takes the place of the password, all other bytes stay. */
export function onUserPasswordHashed(
  core: Core,
  from: { readonly request: Request; readonly binding: Binding; readonly phc: string },
): Done {
  const { request, binding, phc } = from;
  if (request.connection.gone) return abandon(request);
  const body = requestBody(request.frame);
  const start = 1 + (body[0] ?? 0);
  const end = start + 1 + (body[start] ?? 0);
  const hash = encodeUtf8(phc);
  const rewritten = new Uint8Array(body.length - (end - start) + 1 + hash.length);
  rewritten.set(body.subarray(0, start));
  rewritten[start] = hash.length;
  rewritten.set(hash, start + 1);
  rewritten.set(body.subarray(end), start + 1 + hash.length);
  proposeMetadata(core, request, binding, { body: rewritten });
}

/** A change needs the target's current password, also when an administrator asks. */
export function beginChangePassword(core: Core, request: Request, binding: Binding): Done {
  const asked = decodeBody(commands.change_password, requestBody(request.frame));
  if (asked === undefined) return deny(core, request, statusCode.invalidCommand);
  const { user_id: id } = asked;
  const { metadata } = core.deps;
  const target = typeof id === 'number' ? metadata.user(id) : metadata.userByName(id);
  const newPassword = encodeUtf8(asked.new_password);
  // A missing target is found out when the operation commits, at the same cost.
  if (target === undefined) return hashNewPassword(core, { request, binding, newPassword });
  const work = { kind: 'check-current', request, binding, newPassword } as const;
  core.passwords.verify(work, encodeUtf8(asked.current_password), target.passwordHash, core.out);
}

/** A wrong current password is committed as an empty new one, so that a retry is recognised. */
export function onCurrentChecked(
  core: Core,
  from: {
    readonly request: Request;
    readonly binding: Binding;
    readonly newPassword: Uint8Array;
    readonly matches: boolean;
  },
): Done {
  if (from.request.connection.gone) return abandon(from.request);
  if (from.matches) return hashNewPassword(core, from);
  proposeChange(core, from, emptyBytes);
}

export function onNewPasswordHashed(
  core: Core,
  from: { readonly request: Request; readonly binding: Binding; readonly phc: string },
): Done {
  if (from.request.connection.gone) return abandon(from.request);
  proposeChange(core, from, encodeUtf8(from.phc));
}

interface Change {
  readonly request: Request;
  readonly binding: Binding;
}

function hashNewPassword(core: Core, from: Change & { readonly newPassword: Uint8Array }): Done {
  const { request, binding, newPassword } = from;
  core.passwords.hash({ kind: 'new-password', request, binding }, newPassword, core.out);
}

/** The identifier as it was sent, an empty current password, and the hash. */
function proposeChange(core: Core, from: Change, hash: Uint8Array): Done {
  const { request, binding } = from;
  const body = requestBody(request.frame);
  const end = 2 + (body[1] ?? 0);
  const rewritten = new Uint8Array(end + 2 + hash.length);
  rewritten.set(body.subarray(0, end));
  rewritten[end + 1] = hash.length;
  rewritten.set(hash, end + 2);
  proposeMetadata(core, request, binding, { body: rewritten });
}
