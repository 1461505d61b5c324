import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import type { FrameView } from '../../decoder/index.js';
import { CliError } from '../cli-error.js';
import { captureLine } from '../cluster/trace/capture-line.js';
import { maskedFrame } from '../cluster/trace/mask-frame.js';
import { endsOf, PacketMaker } from '../cluster/trace/packets.js';
import { ioError } from '../config/private-file.js';
import { captureStart, packetBlock } from './capture-blocks.js';

export interface CaptureFileOptions {
  /** Write the original bytes instead of zeros in place of secrets. */
  readonly showSecrets: boolean;
  /** A full file is put aside under its name and a number, and a new one begun; 0 = never. */
  readonly rotateBytes: number;
  /** Files of any other name hold lines too. */
  readonly anyName?: boolean;
}

const remark = 'Secrets were replaced by zeros and request checksums made anew (iggyctl).';

/**
 * Frames on their way into a file of mode 0600: packets if its name ends in `.pcap` or `.pcapng`, lines
 * of JSON if it ends in `.ndjson`, `.json` or `.jsonl`.
 */
export class CaptureFile {
  readonly #path: string;
  readonly #options: CaptureFileOptions;
  readonly #isPackets: boolean;
  #file: number;
  #maker = new PacketMaker();
  #size = 0;
  #full = 0;

  /** @throws CliError E_USAGE, E_IO */
  constructor(path: string, options: CaptureFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#isPackets = isPacketName(path);
    if (!this.#isPackets && !isLinesName(path) && options.anyName !== true) {
      throw new CliError('E_USAGE', `${path}: name a file that ends in .pcap or .ndjson`);
    }
    this.#file = this.#open();
  }

  /** A frame that passed. @throws CliError E_IO */
  frame(view: FrameView): void {
    if (this.#isPackets) this.#packets(view);
    else this.#write(captureLine(view, this.#options.showSecrets));
    const { rotateBytes } = this.#options;
    if (rotateBytes > 0 && this.#size >= rotateBytes) this.#rotate();
  }

  close(): void {
    closeSync(this.#file);
  }

  #packets(view: FrameView): void {
    const { showSecrets } = this.#options;
    const ends = endsOf(view.source.flow ?? '');
    const isReply = view.direction === 'server';
    const bytes = showSecrets ? view.bytes : maskedFrame(view, 0);
    for (const record of this.#maker.exchange(view.timeMicros ?? 0, ends, isReply, bytes)) {
      this.#write(packetBlock(record));
    }
  }

  #open(): number {
    try {
      const file = openSync(this.#path, 'w', 0o600);
      this.#file = file;
      this.#size = 0;
      const { showSecrets } = this.#options;
      if (this.#isPackets) this.#write(captureStart(showSecrets ? undefined : remark));
      return file;
    } catch (error) {
      throw error instanceof CliError ? error : ioError('write', this.#path, error);
    }
  }

  #rotate(): void {
    closeSync(this.#file);
    this.#full += 1;
    const aside = this.#path.replace(/(\.\w+)$/, `.${this.#full}$1`);
    renameSync(this.#path, aside);
    this.#maker = new PacketMaker();
    this.#file = this.#open();
  }

  #write(chunk: Uint8Array): void {
    try {
      writeSync(this.#file, chunk);
      this.#size += chunk.length;
    } catch (error) {
      throw ioError('write', this.#path, error);
    }
  }
}

/** True for the name of a capture of lines of JSON. */
export function isLinesName(path: string): boolean {
  return /\.(ndjson|json|jsonl)$/.test(path);
}

/** True for the name of a capture of packets. */
function isPacketName(path: string): boolean {
  return /\.(pcap|pcapng|cap)$/.test(path);
}
