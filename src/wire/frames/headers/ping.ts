import { field, lenientReserved, type StructValue } from '../../schema/index.js';
import { header, type prefixShape } from './prefix.js';

const pingShape = {
  reservedCommand: field(lenientReserved(128), 'Unused.'),
} as const;

/** Ping, Pong, PingClient, PongClient: defined commands that nobody sends or handles. */
export interface PingHeader extends StructValue<typeof prefixShape & typeof pingShape> {}
export const pingHeader = header('PingPong', pingShape);
