import { Operation } from '../../frames/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';

/** Ends the session; sent as operation Logout. */
export const logoutUser = command({
  code: 39,
  name: 'logout_user',
  dispatchName: 'user.logout',
  operation: Operation.Logout,
  permission: 'any session',
  request: empty,
  response: empty,
});
