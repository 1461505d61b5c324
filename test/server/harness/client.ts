import type { CommandKey, RequestOf } from '../../../src/wire/index.js';
import { answerOf, loginOf } from './answers.js';
import type { TestNode } from './cluster.js';
import { commandFrame, type LoginFields, loginFrame, type RequestFields } from './requests.js';

/** A client on one connection that numbers its own requests as the test wants. */
export class TestClient {
  readonly node: TestNode;
  readonly connection: number;
  readonly id: bigint;
  session = 0;

  constructor(node: TestNode, connection: number, id: bigint) {
    this.node = node;
    this.connection = connection;
    this.id = id;
    node.open(connection);
  }

  /** Logs in, as root unless told otherwise, and remembers the session. */
  login(fields: LoginFields = {}): this {
    const frame = this.node.ask(this.connection, loginFrame({ client: this.id, ...fields }));
    this.session = loginOf(frame).session;
    return this;
  }

  /** The raw frame that answers a command. */
  frame<K extends CommandKey>(key: K, value: RequestOf<K>, fields: RequestFields = {}): Uint8Array {
    return this.node.ask(this.connection, this.encode(key, value, fields));
  }

  encode<K extends CommandKey>(key: K, value: RequestOf<K>, fields: RequestFields = {}) {
    const { id: client, session } = this;
    return commandFrame(key, value, { client, session, stamp: true, ...fields });
  }

  ask<K extends CommandKey>(key: K, value: RequestOf<K>, fields: RequestFields = {}) {
    return answerOf(this.frame(key, value, fields));
  }

  createStream(name: string, request: number) {
    return this.ask('create_stream', { name, options: [] }, { request });
  }
}
