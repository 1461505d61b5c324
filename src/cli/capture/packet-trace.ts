import type { FrameEvent } from '../../client/index.js';
import { endOf } from '../../cluster/index.js';
import type { FrameRecorder } from '../connect/frame-recorder.js';
import { CaptureFile } from './capture-file.js';
import { LiveDecoder } from './live-decoder.js';

const firstPort = 40_000;

/** The frames of a client as a capture; every connection has a port of its own. */
export class PacketTrace implements FrameRecorder {
  readonly #file: CaptureFile;
  readonly #live: LiveDecoder;

  /** @throws CliError E_IO */
  constructor(path: string) {
    const file = new CaptureFile(path, { showSecrets: false, rotateBytes: 0 });
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
    if (direction === 'out') this.#live.data(client, server, bytes);
    else this.#live.data(server, client, bytes);
  }

  close(): void {
    this.#live.end();
    this.#file.close();
  }
}
