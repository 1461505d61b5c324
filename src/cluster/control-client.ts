import { connect, type Socket } from 'node:net';
import { ControlError, LineSplitter } from './control-protocol.js';
import { errnoText } from './errno-text.js';
import { isJsonObject, type Json, type JsonObject } from './plain-json.js';

interface Call {
  resolve(result: Json): void;
  reject(error: ControlError): void;
  /** Receives the events of a call that has many. */
  event?(event: Json): void;
}

/** Talks to the control socket of a local cluster, whichever process runs it. */
export class ControlClient {
  readonly #socket: Socket;
  readonly #calls = new Map<number, Call>();
  readonly #lines = new LineSplitter();
  #nextId = 1;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text) => this.#take(String(text)));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
  }

  /** @throws CONTROL_UNREACHABLE when nobody listens */
  static connect(path: string): Promise<ControlClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      const refuse = (error: Error) =>
        reject(
          new ControlError('CONTROL_UNREACHABLE', `no cluster answers at ${path}`, {
            path,
            reason: errnoText(error),
          }),
        );
      socket.once('error', refuse);
      socket.once('connect', () => {
        socket.off('error', refuse);
        resolve(new ControlClient(socket));
      });
    });
  }

  /** Calls a method and waits for its answer. @throws CONTROL_REFUSED, CONTROL_UNREACHABLE */
  call(method: string, params: JsonObject = {}): Promise<Json> {
    return new Promise((resolve, reject) => this.#send(method, params, { resolve, reject }));
  }

  /** Kept events after `since`, oldest first. */
  async events(since = 0): Promise<readonly Json[]> {
    const events: Json[] = [];
    await new Promise<Json>((resolve, reject) => {
      const event = (each: Json) => {
        if (each === null) resolve(null);
        else events.push(each);
      };
      this.#send('logs', { since }, { resolve, reject, event });
    });
    return events;
  }

  /** Calls back with events until the connection ends, which resolves. */
  follow(since: number, event: (event: Json) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error: ControlError) => {
        if (error.code === 'CONTROL_UNREACHABLE') resolve();
        else reject(error);
      };
      const call = { resolve: () => resolve(), reject: end, event };
      this.#send('logs', { since, follow: true }, call);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(method: string, params: JsonObject, call: Call): void {
    const id = this.#nextId++;
    this.#calls.set(id, call);
    this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
  }

  #take(text: string): void {
    for (const line of this.#lines.push(text) ?? []) {
      const response: unknown = JSON.parse(line);
      if (!isJsonObject(response) || typeof response['id'] !== 'number') continue;
      const call = this.#calls.get(response['id']);
      if (call === undefined) continue;
      const { result, event, error } = response;
      if (event !== undefined) {
        call.event?.(event);
        continue;
      }
      this.#calls.delete(response['id']);
      if (error !== undefined) call.reject(refusalOf(error));
      else call.resolve(result ?? null);
    }
  }

  #end(): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) {
      call.reject(new ControlError('CONTROL_UNREACHABLE', 'the cluster closed the connection', {}));
    }
  }
}

function refusalOf(error: Json): ControlError {
  const { code, message, details } = isJsonObject(error) ? error : {};
  const origin = typeof code === 'string' ? code : 'INTERNAL';
  const text = typeof message === 'string' ? message : 'the call failed';
  return new ControlError(
    'CONTROL_REFUSED',
    text,
    isJsonObject(details) ? { ...details } : {},
    origin,
  );
}
