import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameEvent, IggyClient } from '../../client/index.js';
import { Command, headerSize, Operation, replyView, requestView } from '../../wire/index.js';
import { ioError, makeFolder } from '../config/private-file.js';
import type { RawLink } from '../session/raw-link.js';

/** A frame of a request or its answer. */
interface Kept {
  readonly direction: 'request' | 'reply';
  readonly bytes: Uint8Array;
}

/** Gathers the frames of requests and replies that pass; logins and logouts are left out. */
export class KeptFrames {
  readonly #frames: Kept[] = [];

  /** Listens to a client from now on. */
  watch(client: IggyClient): void {
    client.on('frame', (event) => this.#add(event));
  }

  /** Listens to a connection on which frames are sent by hand. */
  watchLink(link: RawLink): void {
    link.onFrame = (direction, bytes) => this.#add({ direction, bytes });
  }

  /** The frames that were asked for, in order. */
  of(which: string): readonly Uint8Array[] {
    const wanted = this.#frames.filter((each) => which === 'both' || matches(which, each));
    return wanted.map(({ bytes }) => bytes);
  }

  /** Writes each frame to a file of its own, of mode 0600. @throws CliError E_IO */
  save(directory: string): number {
    makeFolder(directory);
    try {
      this.#frames.forEach(({ direction, bytes }, at) => {
        const name = `${String(at + 1).padStart(4, '0')}-${direction}.bin`;
        writeFileSync(join(directory, name), bytes, { mode: 0o600 });
      });
    } catch (error) {
      throw ioError('write', directory, error);
    }
    return this.#frames.length;
  }

  #add({ direction, bytes }: Pick<FrameEvent, 'direction' | 'bytes'>): void {
    if (bytes.length >= headerSize && isSession(bytes)) return;
    this.#frames.push({
      direction: direction === 'out' ? 'request' : 'reply',
      bytes: bytes.slice(),
    });
  }
}

function matches(which: string, { direction }: Kept): boolean {
  return which === 'reply' ? direction === 'reply' : direction === 'request';
}

/** Frames that begin or end a session. */
function isSession(bytes: Uint8Array): boolean {
  const command = bytes[60];
  const operation =
    command === Command.Request
      ? requestView.operation(bytes)
      : command === Command.Reply
        ? replyView.operation(bytes)
        : 0;
  return operation === Operation.Register || operation === Operation.Logout;
}
