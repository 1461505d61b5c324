// A lockstep client of few instructions, so that it is the cluster that is measured: frames are made
// by offsets, and of a reply only its size and its code are looked at.
import { once } from 'node:events';
import { connect } from 'node:net';

export class LockstepClient {
  #socket;
  #rest = Buffer.alloc(0);
  #resolve;
  #frame;
  #request = 0n;

  static async connect(port) {
    const client = new LockstepClient();
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'connect');
    client.#socket = socket;
    socket.on('data', (chunk) => client.#take(chunk));
    return client;
  }

  /** Logs in as `iggy`; `id` is a number that tells the clients apart. */
  async login(id) {
    const short = (text) => Buffer.from([text.length, ...Buffer.from(text)]);
    const version = Buffer.alloc(4);
    version.writeUInt32LE(11264);
    const body = Buffer.concat([
      version,
      ...['bench', '1', 'iggy', 'iggy'].map(short),
      Buffer.alloc(4),
    ]);
    const frame = Buffer.alloc(256 + body.length);
    frame.writeUInt32LE(frame.length, 48);
    frame[60] = 5;
    frame.writeUInt32LE(id, 128);
    frame[143] = 0x77;
    frame[176] = 1;
    body.copy(frame, 256);
    let reply = await this.ask(frame);
    while (reply.readUInt32LE(256) !== 0) reply = await this.ask(frame);
    this.#frame = Buffer.alloc(256 + 12);
    frame.copy(this.#frame, 0, 0, 256);
    this.#frame.writeUInt32LE(this.#frame.length, 48);
    this.#frame[176] = 128;
    reply.copy(this.#frame, 184, 264, 272);
  }

  /** Creates a stream with a name of its own. */
  async mutate(name) {
    const frame = this.#frame;
    this.#request += 1n;
    frame.writeBigUInt64LE(this.#request, 168);
    frame[256] = 11;
    frame.write(name.padStart(11, '0'), 257, 'latin1');
    const reply = await this.ask(frame);
    const isDone =
      reply[60] === 8 && reply.readUInt32LE(216) === 0 && reply.readUInt32LE(256) === 0;
    if (!isDone) throw new Error(`refused: ${reply.subarray(200, 300).toString('hex')}`);
  }

  ask(frame) {
    this.#socket.write(frame);
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  close() {
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#rest.length < 256) return;
    const size = this.#rest.readUInt32LE(48);
    if (this.#rest.length < size) return;
    const reply = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    this.#resolve(reply);
  }
}
