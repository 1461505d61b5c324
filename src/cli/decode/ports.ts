import type { DecodeRequest } from './request.js';

const standardPort = 8090;
const looked = 4096;
const captureForms: readonly string[] = ['pcap', 'pcapng', 'tcpdump', 'wireshark'];

/**
 * The ports of a capture that matter: those that were given, else the standard one and those of
 * the chosen context's servers. The configuration is read only for an input that looks like a
 * capture, since most are none and it is not free.
 */
export class CapturePorts {
  readonly #request: DecodeRequest;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #wanted: readonly number[] = [standardPort];
  #isReady: boolean;

  constructor(request: DecodeRequest, env: Readonly<Record<string, string | undefined>>) {
    this.#request = request;
    this.#env = env;
    this.#isReady = request.ports !== undefined;
  }

  /** Empty = every port. */
  get wanted(): readonly number[] {
    return this.#request.ports ?? this.#wanted;
  }

  /** To be called with each piece of input before it is decoded. */
  async prepare(chunk: Uint8Array): Promise<void> {
    if (this.#isReady) return;
    const { form } = this.#request.decoder;
    if (!captureForms.includes(form) && !(form === 'auto' && mayBeCapture(chunk))) return;
    this.#isReady = true;
    this.#wanted = await this.#fromContext();
  }

  /** A configuration that cannot be read adds no ports: decoding needs no server. */
  async #fromContext(): Promise<readonly number[]> {
    try {
      const { Settings } = await import('../config/settings.js');
      const { config, context } = this.#request;
      const settings = new Settings({ config, context }, this.#env, process.cwd());
      const ports = settings.servers.map((server) => Number(/:(\d+)$/.exec(server)?.[1]));
      return [...new Set([standardPort, ...ports.filter((port) => port > 0 && port < 65_536)])];
    } catch {
      return [standardPort];
    }
  }
}

/** A capture file by its first byte, or text with the offsets of packet dumps. */
function mayBeCapture(chunk: Uint8Array): boolean {
  const first = chunk[0] ?? 0;
  if (first === 0x0a || first === 0xa1 || first === 0xd4 || first === 0x4d || first === 0x34) {
    return true;
  }
  const text = new TextDecoder('latin1').decode(chunk.subarray(0, looked));
  return /0x[0-9a-fA-F]{4}:|^\s*0000 /m.test(text);
}
