import type { Connection, ConnectionSink } from './capture/connections.js';
import { Connections } from './capture/connections.js';
import type { StreamSink } from './capture/segment-queue.js';
import type { DecodeCounts, DecoderInput, DecoderOptions, DecoderSink } from './decoder-types.js';
import type { FrameSource } from './explain/frame-view.js';
import { Pairing } from './explain/pairing.js';
import { PrepareMemory } from './explain/prepare-memory.js';
import { Explainer } from './explainer.js';
import type { FormName, FormSink, RawPacket, Side } from './forms/form.js';
import { InputReader } from './forms/input.js';
import type { LaneOptions } from './framing/family.js';
import { Lane } from './framing/lane.js';

/** Decodes one input: its form, its streams, its frames. */
export class InputDecoder implements DecoderInput {
  readonly #options: DecoderOptions;
  readonly #sink: DecoderSink;
  readonly #counts: DecodeCounts;
  readonly #file: string | undefined;
  readonly #reader: InputReader;
  readonly #lanes = new Map<Side, Lane>();
  readonly #streamPairing = new Pairing();
  readonly #prepares = new PrepareMemory();
  readonly #captured = new Set<Lane>();
  #connections: Connections | undefined;
  #clockOnly = false;
  /** Bytes that lanes of captured connections hold back. */
  #held = 0;

  constructor(
    options: DecoderOptions,
    sink: DecoderSink,
    counts: DecodeCounts,
    file: string | undefined,
  ) {
    this.#options = options;
    this.#sink = sink;
    this.#counts = counts;
    this.#file = file;
    const formSink: FormSink = {
      bytes: (bytes, side) => this.#lane(side).push(bytes, undefined),
      packet: (packet) => this.#packet(packet),
      cutShort: (what, present, missing) => this.#cutShort(what, present, missing),
      warn: (message) => sink.warn(message),
    };
    this.#reader = new InputReader(formSink, options.form);
  }

  get form(): FormName | undefined {
    return this.#reader.form;
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  idle(): void {
    this.#reader.idle();
    for (const lane of this.#lanes.values()) lane.idle();
    this.#connections?.idle();
    for (const lane of this.#captured) lane.idle();
  }

  end(): void {
    this.#reader.end();
    for (const lane of this.#lanes.values()) lane.end();
    this.#connections?.end();
    this.#reportCapture();
  }

  #lane(side: Side): Lane {
    let lane = this.#lanes.get(side);
    if (lane === undefined) {
      const explainer = this.#explainer(this.#streamPairing, undefined);
      lane = new Lane(explainer, this.#laneOptions({ captured: false, direction: undefined }));
      this.#lanes.set(side, lane);
    }
    return lane;
  }

  #laneOptions(kind: Pick<LaneOptions, 'captured' | 'direction'>): LaneOptions {
    const { framing, layout, verify, resync, direction } = this.#options;
    const { captured } = kind;
    return { framing, layout, verify, resync, captured, direction: direction ?? kind.direction };
  }

  #explainer(pairing: Pairing, flow: string | undefined): Explainer {
    let cached: FrameSource | undefined;
    const source = () => {
      const clockOnly = this.#clockOnly;
      const form = this.form ?? 'binary';
      if (cached?.form !== form || cached.clockOnly !== clockOnly) {
        cached = { form, file: this.#file, flow, clockOnly };
      }
      return cached;
    };
    const prepares = this.#prepares;
    const context = { source, pairing, counts: this.#counts, prepares };
    return new Explainer(this.#options, this.#sink, context);
  }

  #packet(packet: RawPacket): void {
    this.#clockOnly = packet.clockOnly;
    this.#connections ??= new Connections(this.#connectionSink(), this.#options.ports());
    this.#connections.packet(packet);
  }

  #connectionSink(): ConnectionSink {
    const pairings = new WeakMap<Connection, Pairing>();
    return {
      open: (connection, direction) => {
        const pairing = pairings.get(connection) ?? new Pairing();
        pairings.set(connection, pairing);
        const explainer = this.#explainer(pairing, this.#flowLabel(connection));
        const lane = new Lane(explainer, this.#laneOptions({ captured: true, direction }));
        this.#captured.add(lane);
        return this.#streamOf(lane);
      },
      heldBytes: () => this.#held,
    };
  }

  #streamOf(lane: Lane): StreamSink {
    const tracked = (change: () => void) => {
      const before = lane.held;
      change();
      this.#held += lane.held - before;
    };
    return {
      data: (bytes, timeMicros) => tracked(() => lane.push(bytes, timeMicros)),
      gap: (missing) => tracked(() => lane.gap(missing)),
      end: () => {
        tracked(() => lane.end());
        this.#captured.delete(lane);
      },
    };
  }

  /** Text dumps show one packet or one connection, mostly: only further connections are named. */
  #flowLabel({ number, client, server }: Connection): string | undefined {
    const isCapture = this.form === 'pcap' || this.form === 'pcapng';
    return isCapture || number > 0 ? `${client}-${server}` : undefined;
  }

  #cutShort(what: string, present: number, missing: number): void {
    const rest = [{ framing: what, bytes: missing }];
    this.#sink.partial({ view: undefined, present, missing: rest });
  }

  #reportCapture(): void {
    const counts = this.#connections?.counts;
    if (counts === undefined) return;
    const { fragments, damaged, unknownLinks, otherPorts } = counts;
    if (fragments > 0) this.#sink.warn(`${fragments} fragments of IP packets were left out`);
    if (damaged > 0) this.#sink.warn(`${damaged} damaged packets were left out`);
    if (unknownLinks.size > 0) {
      this.#sink.warn(
        `packets of unknown link types were left out: ${[...unknownLinks].join(', ')}`,
      );
    }
    if (this.#counts.frames > 0 || otherPorts.size === 0) return;
    const ports = [...otherPorts].sort((a, b) => b[1] - a[1]).map(([port]) => port);
    const some = ports.slice(0, 8).join(', ');
    this.#sink.warn(`no frames on port ${this.#options.ports().join(', ')}; others seen: ${some}`);
  }
}
