// A lockstep client of few instructions, so that it is the cluster that is measured: frames are made
// by offsets, and of a reply only its size and its code are looked at.
import { once } from 'node:events';
import { connect } from 'node:net';

const short = (text) => Buffer.from([text.length, ...Buffer.from(text)]);

export class LockstepClient {
  #socket;
  #chunks = [];
  #bytes = 0;
  #wanted = 0;
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
  login(id) {
    return this.#register(id, ['iggy', 'iggy']);
  }

  /** The same with a token, which costs the cluster next to nothing. */
  loginWithToken(id, token) {
    return this.#register(id, [token]);
  }

  async #register(id, credentials) {
    const version = Buffer.alloc(4);
    version.writeUInt32LE(11264);
    const texts = ['bench', '1', ...credentials].map(short);
    const body = Buffer.concat([version, ...texts, Buffer.alloc(4)]);
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
    return reply;
  }

  /** A personal access token that never expires. */
  async createToken(name) {
    const reply = await this.ask(this.frame(146, Buffer.concat([short(name), Buffer.alloc(8)])));
    return reply.subarray(261).toString();
  }

  /** Renames a stream: an operation that leaves the state as large as it was. */
  async rename(stream, name) {
    const body = Buffer.alloc(7 + name.length);
    body[0] = 1;
    body[1] = 4;
    body.writeUInt32LE(stream, 2);
    body[6] = name.length;
    body.write(name, 7, 'latin1');
    const reply = await this.ask(this.frame(129, body));
    const isDone = reply.readUInt32LE(216) === 0 && reply.readUInt32LE(256) === 0;
    if (!isDone) throw new Error(`refused: ${reply.subarray(200, 300).toString('hex')}`);
  }

  /** A frame of this session; `operation` 2 takes a command code. */
  frame(operation, body, code = 0) {
    const frame = Buffer.alloc(256 + body.length);
    this.#frame.copy(frame, 0, 0, 256);
    frame.writeUInt32LE(frame.length, 48);
    this.#request += 1n;
    frame.writeBigUInt64LE(this.#request, 168);
    frame[176] = operation;
    frame.writeUInt32LE(code, 196);
    frame.set(body, 256);
    return frame;
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
    // Large replies come in many chunks, which are put together once.
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < 256 || this.#bytes < this.#wanted) return;
    const whole = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#bytes);
    this.#wanted = whole.readUInt32LE(48);
    this.#chunks = [whole];
    if (this.#bytes < this.#wanted) return;
    const reply = whole.subarray(0, this.#wanted);
    this.#bytes -= this.#wanted;
    this.#chunks = this.#bytes === 0 ? [] : [whole.subarray(this.#wanted)];
    this.#wanted = 0;
    this.#resolve(reply);
  }
}
