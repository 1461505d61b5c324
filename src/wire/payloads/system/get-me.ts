import { command } from '../command.js';
import { empty } from '../empty.js';
import { clientDetails } from './client-record.js';

/** Reads what the server knows about the connection that asks. */
export const getMe = command({
  code: 20,
  name: 'get_me',
  dispatchName: 'me',
  permission: 'any logged-in user',
  request: empty,
  response: clientDetails,
});
