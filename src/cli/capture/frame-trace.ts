import type { FrameEvent } from '../../client/index.js';
import { endOf } from '../../cluster/index.js';
import { CaptureFile } from './capture-file.js';
import { LiveDecoder } from './live-decoder.js';

const firstPort = 40_000;

/**
 * The frames of a client as a file: packets if its name says so, in which every connection has a port of
 * its own, else lines of JSON. Secrets are left out of both.
 */
export class FrameTrace {
  readonly #file: CaptureFile;
  readonly #live: LiveDecoder;
  readonly #open = new Set<number>();

  /** @throws CliError E_IO */
  constructor(path: string) {
    const file = new CaptureFile(path, { showSecrets: false, rotateBytes: 0, anyName: true });
    this.#file = file;
    this.#live = new LiveDecoder(
      (view) => file.frame(view),
      () => undefined,
    );
  }

  write({ direction, node, link, bytes }: FrameEvent): void {
    const client = { address: '127.0.0.1', port: firstPort + (link % 20_000) };
    const named = endOf(node);
    // Names have no place in a packet.
    const isAddress = /^[0-9.]+$|:/.test(named.address);
    const server = isAddress ? named : { address: '127.0.0.1', port: named.port };
    if (!this.#open.has(link)) {
      this.#open.add(link);
      this.#live.open(client, server);
    }
    if (direction === 'out') this.#live.data(client, server, bytes);
    else this.#live.data(server, client, bytes);
    // It is a whole frame: requests and replies are written in the order in which they passed.
    this.#live.flush();
  }

  close(): void {
    this.#live.end();
    this.#file.close();
  }
}
