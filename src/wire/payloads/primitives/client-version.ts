import { formatVersion, protocolVersion } from '../../packed-version.js';
import { type Codec, field, name, u32 } from '../../schema/index.js';

/** True when a server of version `server` accepts a client of version `client`. */
export function isCompatibleVersion(client: number, server: number = protocolVersion): boolean {
  return client >= oldestCompatible(server) && client >>> 10 <= server >>> 10;
}

/** The oldest client version that a server of version `server` accepts. */
export function oldestCompatible(server: number = protocolVersion): number {
  return (server & ~0x3ff) >>> 0;
}

/** A packed version; shown in its dotted form. */
export const packedVersion: Codec<number> = {
  ...u32,
  type: 'version:u32',
  display: formatVersion,
};

/** First part of every login body. @source Iggy binary protocol, ClientVersionInfo */
export const clientVersionFields = () =>
  ({
    protocol_version: field(packedVersion, 'Protocol version the client speaks.'),
    sdk_name: field(name, 'Name of the client library.'),
    sdk_version: field(name, 'Version of the client library.'),
  }) as const;
