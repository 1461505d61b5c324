import { type Codec, u8 } from '../../schema/index.js';

/** Defined values of a user's status; other bytes are carried too. */
export const userStatuses = { active: 1, inactive: 2 } as const;

/**
 * A user's status. Any byte decodes: on create an unknown one is stored as active but echoed in
 * the reply, on update it is ignored.
 * @source Iggy binary protocol, create_user and update_user
 */
export const userStatus: Codec<number> = {
  ...u8,
  type: 'UserStatus:u8',
  display: (value) =>
    value === userStatuses.active
      ? 'active'
      : value === userStatuses.inactive
        ? 'inactive'
        : `unknown(${value})`,
};
