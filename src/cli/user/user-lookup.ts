import type { IggyClient } from '../../client/index.js';
import type { UserDetails } from '../../wire/index.js';
import { userNotFound } from '../not-found.js';
import { parseIdentifier } from '../values.js';

/** A user that must be there. @throws CliError E_NOT_FOUND */
export async function existingUser(
  client: IggyClient,
  text: string,
  signal: AbortSignal,
): Promise<UserDetails> {
  const user = parseIdentifier(text, 'USER');
  const found = await client.users.get(user, { signal });
  if (found === null) throw userNotFound(user);
  return found;
}
