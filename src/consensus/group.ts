import { metadataGroup } from './constants.js';

/** Which kind of log a group is. */
export type Plane = 'metadata' | 'partition';

/** True for the one metadata group of a cluster. */
export function isMetadataGroup(group: bigint): boolean {
  return group === metadataGroup;
}

/** Plane of a group id. */
export function planeOf(group: bigint): Plane {
  return isMetadataGroup(group) ? 'metadata' : 'partition';
}
