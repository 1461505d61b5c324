import { field, lenientReserved } from '../../schema/index.js';
import { type HeaderValue, header } from './prefix.js';

const pingShape = () =>
  ({
    reservedCommand: field(lenientReserved(128), 'Unused.'),
  }) as const;

/** Ping, Pong, PingClient, PongClient: defined commands that nobody sends or handles. */
export interface PingHeader extends HeaderValue<typeof pingShape> {}
export const pingHeader = header('PingPong', pingShape);
