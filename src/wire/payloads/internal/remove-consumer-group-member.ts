import { field, type StructValue, struct, u128 } from '../../schema/index.js';

const shape = () =>
  ({ client_id: field(u128, 'Session client that leaves every group.') }) as const;
export interface RemoveConsumerGroupMember extends StructValue<typeof shape> {}

/** Ends all memberships of a client. @source Iggy consensus protocol, operation 66 */
export const removeConsumerGroupMember = struct('RemoveConsumerGroupMember', shape, 16);
