import type { RawPacket } from '../forms/form.js';

const mostPackets = 256;
const mostBytes = 4 << 20;

/**
 * Puts packets whose time stamps are a little out of order back in order, as captures of several
 * network queues need it. Looks ahead over a bounded number of packets.
 */
export class PacketOrder {
  readonly #out: (packet: RawPacket) => void;
  #waiting: RawPacket[] = [];
  #bytes = 0;

  constructor(out: (packet: RawPacket) => void) {
    this.#out = out;
  }

  add(packet: RawPacket): void {
    const time = packet.timeMicros;
    if (time === undefined) {
      this.flush();
      this.#out(packet);
      return;
    }
    let at = this.#waiting.length;
    while (at > 0 && (this.#waiting[at - 1]?.timeMicros ?? 0) > time) at -= 1;
    this.#waiting.splice(at, 0, { ...packet, bytes: packet.bytes.slice() });
    this.#bytes += packet.bytes.length;
    while (this.#waiting.length > mostPackets || this.#bytes > mostBytes) this.#release();
  }

  flush(): void {
    while (this.#waiting.length > 0) this.#release();
  }

  #release(): void {
    const first = this.#waiting.shift();
    if (first === undefined) return;
    this.#bytes -= first.bytes.length;
    this.#out(first);
  }
}
