import { encodeUtf8 } from '../../../src/base/index.js';
import { commands, encode, Operation } from '../../../src/wire/index.js';
import type { ScriptNode } from './script-node.js';

const entry = { client: 1n, userId: 0, request: 1n, timestamp: 1 };

/** Adds a user to the applied metadata, with the password `password`. */
export function addUser(
  node: ScriptNode,
  username: string,
  password: string,
  isActive = true,
): number {
  const name = encodeUtf8(username);
  const hash = encodeUtf8(`phc:${password}`);
  const body = Uint8Array.of(
    ...[name.length, ...name, hash.length, ...hash],
    ...[isActive ? 1 : 2, 0],
  );
  node.machine.apply({ ...entry, op: 1, operation: Operation.CreateUser, body });
  const user = node.machine.userByName(username);
  if (user === undefined) throw new Error('the user was not created');
  return user.id;
}

/** Takes a user out of the applied metadata. */
export function deleteUser(node: ScriptNode, username: string): void {
  const body = encode(commands.delete_user.request, { user_id: username });
  node.machine.apply({ ...entry, op: 2, operation: Operation.DeleteUser, body });
  if (node.machine.userByName(username) !== undefined) throw new Error('the user is still there');
}
