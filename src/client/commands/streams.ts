import type { Identifier, StreamDetails, StreamRecord } from '../../wire/index.js';
import type { CommandCaller } from '../caller.js';
import type { CallOptions } from '../options.js';

/** Commands on streams. A number names a stream by id, a string by name. */
export class StreamCommands {
  readonly #caller: CommandCaller;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  /** All streams. */
  async list(options?: CallOptions): Promise<readonly StreamRecord[]> {
    return (await this.#caller.call('get_streams', {}, options)).streams;
  }

  /** One stream and its topics; `null` when there is none. */
  get(stream: Identifier, options?: CallOptions): Promise<StreamDetails | null> {
    return this.#caller.call('get_stream', { stream_id: stream }, options);
  }

  /** Creates a stream; the server chooses its id. */
  create(name: string, options?: CallOptions): Promise<StreamRecord> {
    return this.#caller.call('create_stream', { name, options: [] }, options);
  }

  /** Gives a stream another name. */
  async update(stream: Identifier, name: string, options?: CallOptions): Promise<void> {
    await this.#caller.call('update_stream', { stream_id: stream, name, options: [] }, options);
  }

  /** Deletes a stream with everything in it. */
  async delete(stream: Identifier, options?: CallOptions): Promise<void> {
    await this.#caller.call('delete_stream', { stream_id: stream }, options);
  }

  /** Removes all messages of a stream; offsets start at 0 again. */
  async purge(stream: Identifier, options?: CallOptions): Promise<void> {
    await this.#caller.call('purge_stream', { stream_id: stream }, options);
  }
}
