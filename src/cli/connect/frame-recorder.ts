import type { FrameEvent } from '../../client/index.js';

/** Where frames go that a command sends and receives. */
export interface FrameRecorder {
  write(event: FrameEvent, time: string): void;
  close(): void;
}
