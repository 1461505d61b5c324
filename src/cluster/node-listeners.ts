import { getU32 } from '../base/index.js';
import {
  type ClientSocket,
  type FlushQueue,
  type Listener,
  listenTcp,
  listenWebSocket,
  type SocketHandler,
} from '../platform/index.js';
import { headerSize, requestHeader } from '../wire/index.js';

const sizeAt = requestHeader.offsetOf.size;

/** Ports of one node that are bound. */
export interface NodePorts {
  readonly tcp: number;
  /** `undefined` = the listener is off. */
  readonly correlated: number | undefined;
  readonly websocket: number | undefined;
}

/** Which listeners a node has, and where; 0 = a free port, `undefined` = off. */
export interface ListenPlan {
  readonly host: string;
  readonly ports: NodePorts;
  readonly maxConnections: number;
  readonly maxFrameBytes: number;
  readonly flushQueue: FlushQueue;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  accept(socket: ClientSocket, framing: 'consensus' | 'correlated'): SocketHandler;
}

/** The listeners of one node. */
export class NodeListeners {
  readonly ports: NodePorts;
  readonly #listeners: readonly Listener[];

  private constructor(ports: NodePorts, listeners: readonly Listener[]) {
    this.ports = ports;
    this.#listeners = listeners;
  }

  /** Binds all of them, or none. @throws LISTEN_FAILED */
  static async open(plan: ListenPlan): Promise<NodeListeners> {
    const { host, maxConnections, flushQueue, tls, ports } = plan;
    const common = { host, maxConnections, flushQueue, ...(tls !== undefined && { tls }) };
    const open: Listener[] = [];
    const add = async (listener: Promise<Listener>) => {
      const bound = await listener;
      open.push(bound);
      return bound.port;
    };
    const consensus = (socket: ClientSocket) => plan.accept(socket, 'consensus');
    const correlated = (socket: ClientSocket) => plan.accept(socket, 'correlated');
    try {
      const tcp = await add(listenTcp({ ...common, port: ports.tcp, accept: consensus }));
      const second = ports.correlated;
      const third = ports.websocket;
      return new NodeListeners(
        {
          tcp,
          correlated:
            second === undefined
              ? undefined
              : await add(listenTcp({ ...common, port: second, accept: correlated })),
          websocket:
            third === undefined
              ? undefined
              : await add(
                  listenWebSocket({
                    ...common,
                    port: third,
                    accept: consensus,
                    maxMessageBytes: plan.maxFrameBytes,
                    isFrame: isOneFrame,
                  }),
                ),
        },
        open,
      );
    } catch (error) {
      await Promise.all(open.map((listener) => listener.close()));
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }
}

/** Whether a message is as long as the header at its start says. */
function isOneFrame(message: Uint8Array): boolean {
  return message.length >= headerSize && getU32(message, sizeAt) === message.length;
}
