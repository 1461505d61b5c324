import { command } from '../command.js';
import { empty } from '../empty.js';

/** Keeps a connection alive; the only command allowed before login. */
export const ping = command({
  code: 1,
  name: 'ping',
  dispatchName: 'ping',
  permission: 'none (also before login)',
  request: empty,
  response: empty,
});
