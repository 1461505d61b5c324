import type { RawPacket } from '../forms/form.js';
import { guessLinkType } from './guess.js';
import { formatAddress, readTcpHeader, type TcpHeader, tcpFlags, tcpInIp } from './ip.js';
import { ipOffset } from './link.js';
import { PacketOrder } from './packet-order.js';
import { type Segment, SegmentBudget, SegmentQueue, type StreamSink } from './segment-queue.js';

/** One TCP connection of a capture. */
export interface Connection {
  /** Counts from 0 in the order in which connections appear. */
  readonly number: number;
  /** `address:port` of the end that is taken for the client. */
  readonly client: string;
  /** `address:port` of the end that is taken for the server. */
  readonly server: string;
}

/** What a consumer of connections has to provide. */
export interface ConnectionSink {
  /** A sink for one direction of a new connection; `client` = what the client sends. */
  open(connection: Connection, direction: 'client' | 'server'): StreamSink;
  /** Bytes that streams of this consumer hold back; connections are given up to bound it. */
  heldBytes(): number;
}

/** What happened to packets that could not be used, and ports that were passed over. */
export interface CaptureCounts {
  packets: number;
  fragments: number;
  damaged: number;
  unknownLinks: Set<number>;
  /** Ports of flows that were not asked for, with the packets seen; bounded. */
  otherPorts: Map<number, number>;
}

interface Flow {
  readonly connection: Connection;
  readonly queues: { readonly client: SegmentQueue; readonly server: SegmentQueue };
  /** Sequence number of the client's SYN, to tell a new connection from a repeated SYN. */
  synAt: number | undefined;
  startedAt: number;
}

const mostFlows = 4096;
const waitingLimit = 32 << 20;
const heldLimit = 80 << 20;
/** Packets after which a stream whose SYN is missing begins with what there is. */
const patience = 64;

/** Takes packets apart and rebuilds the TCP connections that use one of `ports` (empty = all). */
export class Connections {
  readonly counts: CaptureCounts = {
    ...{ packets: 0, fragments: 0, damaged: 0 },
    ...{ unknownLinks: new Set<number>(), otherPorts: new Map<number, number>() },
  };
  readonly #sink: ConnectionSink;
  readonly #ports: readonly number[];
  readonly #order: PacketOrder;
  readonly #budget = new SegmentBudget(waitingLimit);
  readonly #flows = new Map<string, Flow>();
  #unstarted: Flow[] = [];
  #opened = 0;

  constructor(sink: ConnectionSink, ports: readonly number[]) {
    this.#sink = sink;
    this.#ports = ports;
    this.#order = new PacketOrder((packet) => this.#packet(packet));
  }

  packet(packet: RawPacket): void {
    this.#order.add(packet);
  }

  /** Nothing came for a while: hands on what was held back for the sake of order. */
  idle(): void {
    this.#order.flush();
    this.#startOverdue(0);
  }

  end(): void {
    this.#order.flush();
    this.#startOverdue(0);
    for (const key of [...this.#flows.keys()]) this.#close(key);
  }

  #packet(packet: RawPacket): void {
    const { bytes, originalLength } = packet;
    this.counts.packets += 1;
    this.#startOverdue(patience);
    const link = packet.linkType === 'guess' ? guessLinkType(bytes) : packet.linkType;
    const ip = link === undefined ? undefined : ipOffset(bytes, link);
    if (ip === undefined) this.counts.unknownLinks.add(link ?? -1);
    if (ip === undefined || ip < 0) return;
    const found = tcpInIp(bytes, ip, originalLength);
    if (found === 'fragment') this.counts.fragments += 1;
    if (found === 'damaged') this.counts.damaged += 1;
    if (typeof found === 'string') return;
    const tcp = readTcpHeader(bytes, found.start);
    if (tcp === undefined) {
      this.counts.damaged += 1;
      return;
    }
    if (!this.#wanted(tcp)) return;
    const start = found.start + tcp.dataOffset;
    const end = Math.min(found.end, bytes.length);
    const ends = { source: formatEnd(found.source, tcp.sourcePort), destination: '' };
    ends.destination = formatEnd(found.destination, tcp.destinationPort);
    this.#segment(tcp, ends, {
      bytes: start < end ? bytes.subarray(start, end) : bytes.subarray(0, 0),
      length: Math.max(0, found.end - start),
      timeMicros: packet.timeMicros,
    });
  }

  #wanted(tcp: TcpHeader): boolean {
    const ports = this.#ports;
    if (ports.length === 0) return true;
    if (ports.includes(tcp.sourcePort) || ports.includes(tcp.destinationPort)) return true;
    const other = Math.min(tcp.sourcePort, tcp.destinationPort);
    const others = this.counts.otherPorts;
    if (others.size < 64 || others.has(other)) others.set(other, (others.get(other) ?? 0) + 1);
    return false;
  }

  #segment(
    tcp: TcpHeader,
    ends: { readonly source: string; readonly destination: string },
    data: { bytes: Uint8Array; length: number; timeMicros: number | undefined },
  ): void {
    const ordered = ends.source < ends.destination;
    const key = ordered
      ? `${ends.source} ${ends.destination}`
      : `${ends.destination} ${ends.source}`;
    const isSyn = (tcp.flags & tcpFlags.syn) !== 0;
    const isOpening = isSyn && (tcp.flags & tcpFlags.ack) === 0;
    let flow = this.#flows.get(key);
    if (flow !== undefined && isOpening && this.#isReuse(flow, tcp, ends.source)) {
      this.#close(key);
      flow = undefined;
    }
    if (flow === undefined) {
      if (data.length === 0 && !isSyn) return;
      flow = this.#open(tcp, ends);
    } else this.#flows.delete(key);
    // Set anew on every packet: the map's order is then that of the last activity.
    this.#flows.set(key, flow);
    const queue = flow.queues[ends.source === flow.connection.client ? 'client' : 'server'];
    if (isOpening) flow.synAt ??= tcp.sequence;
    if (isSyn) queue.open(tcp.sequence);
    const sequence = (tcp.sequence + (isSyn ? 1 : 0)) >>> 0;
    const arrival = this.counts.packets;
    queue.add({ sequence, arrival, ...data });
    if ((tcp.flags & tcpFlags.fin) !== 0) queue.fin((sequence + data.length) >>> 0);
    this.#bound();
  }

  #isReuse(flow: Flow, tcp: TcpHeader, source: string): boolean {
    if (source !== flow.connection.client) return true;
    return flow.synAt !== undefined ? flow.synAt !== tcp.sequence : flow.queues.client.started;
  }

  #open(tcp: TcpHeader, ends: { readonly source: string; readonly destination: string }): Flow {
    const fromClient = this.#isFromClient(tcp);
    const connection = {
      number: this.#opened,
      client: fromClient ? ends.source : ends.destination,
      server: fromClient ? ends.destination : ends.source,
    };
    this.#opened += 1;
    const queue = (direction: 'client' | 'server') =>
      new SegmentQueue(this.#sink.open(connection, direction), this.#budget);
    const queues = { client: queue('client'), server: queue('server') };
    const flow = { connection, queues, synAt: undefined, startedAt: this.counts.packets };
    this.#unstarted.push(flow);
    return flow;
  }

  #isFromClient(tcp: TcpHeader): boolean {
    if ((tcp.flags & tcpFlags.syn) !== 0) return (tcp.flags & tcpFlags.ack) === 0;
    const toKnown = this.#ports.includes(tcp.destinationPort);
    const fromKnown = this.#ports.includes(tcp.sourcePort);
    if (toKnown !== fromKnown) return toKnown;
    return tcp.destinationPort <= tcp.sourcePort;
  }

  /** Streams without a SYN wait a little, for earlier segments that come late. */
  #startOverdue(limit: number): void {
    const first = this.#unstarted[0];
    if (first === undefined || this.counts.packets - first.startedAt < limit) return;
    const flows = this.#unstarted;
    this.#unstarted = [];
    const waited: { readonly queue: SegmentQueue; readonly segment: Segment }[] = [];
    for (const flow of flows) {
      const { client, server } = flow.queues;
      const overdue = this.counts.packets - flow.startedAt >= limit;
      if (overdue) {
        for (const queue of [client, server]) {
          for (const segment of queue.startAnywhere()) waited.push({ queue, segment });
        }
        flow.startedAt = this.counts.packets;
      }
      // A direction that has not said anything yet begins with its first segments, later.
      const silent = [client, server].some((queue) => !queue.started && !queue.ended);
      if (silent) this.#unstarted.push(flow);
    }
    waited.sort((a, b) => a.segment.arrival - b.segment.arrival);
    for (const { queue, segment } of waited) queue.add(segment);
  }

  #bound(): void {
    while (this.#flows.size > mostFlows || this.#sink.heldBytes() > heldLimit) {
      const [oldest] = this.#flows.keys();
      if (oldest === undefined || this.#flows.size === 1) return;
      this.#close(oldest);
    }
  }

  #close(key: string): void {
    const flow = this.#flows.get(key);
    this.#flows.delete(key);
    flow?.queues.client.finish();
    flow?.queues.server.finish();
  }
}

function formatEnd(address: Uint8Array, port: number): string {
  const text = formatAddress(address);
  return address.length === 16 ? `[${text}]:${port}` : `${text}:${port}`;
}
