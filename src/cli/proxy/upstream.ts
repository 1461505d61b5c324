import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { DialTls, Endpoint } from '../../client/index.js';

/** Opens the connection from a proxy to the server, encrypted if there are `tls` settings. */
export function connectUpstream(target: Endpoint, tls: DialTls | undefined): Socket {
  const where = { host: target.host, port: target.port, noDelay: true };
  if (tls === undefined) return connect(where);
  const name = tls.serverName ?? target.host;
  return connectTls({
    ...where,
    // An address is no legal name for the server to choose its certificate by.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    rejectUnauthorized: tls.insecure !== true,
  });
}
