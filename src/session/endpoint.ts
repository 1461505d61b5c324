/** Where a node can be dialled. */
export interface Endpoint {
  /** Host name or address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `host:port`, with brackets around IPv6 addresses. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Reads `host:port` or `[address]:port`; nothing when the text has another form or the port is not
 * in 1..65535.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const port = Number(match[3]);
  const host = match[1] ?? match[2] ?? '';
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/**
 * True when both name the same node as far as text can tell: `localhost` is 127.0.0.1, the
 * unspecified IPv6 address is its loopback, case does not count.
 */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && canonicalHost(a.host) === canonicalHost(b.host);
}

function canonicalHost(host: string): string {
  const lower = host.toLowerCase();
  if (lower === 'localhost') return '127.0.0.1';
  return lower === '::' ? '::1' : lower;
}
