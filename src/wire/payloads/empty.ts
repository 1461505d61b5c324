import { struct } from '../schema/index.js';

/** A body without bytes; its value is `{}`. */
export const empty = struct('Empty', () => ({}), 0);
