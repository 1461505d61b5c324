import {
  Command,
  commitView,
  doViewChangeView,
  frameView,
  prepareOkView,
  prepareView,
  startViewView,
} from '../../wire/index.js';

type Reader = (frame: Uint8Array) => number;

/** Where frames name the op they are about. */
const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [Command.Prepare, (frame) => prepareView.op(frame)],
  [Command.RepairPrepare, (frame) => prepareView.op(frame)],
  [Command.PrepareOk, (frame) => prepareOkView.op(frame)],
  [Command.Commit, (frame) => commitView.commit(frame)],
  [Command.DoViewChange, (frame) => doViewChangeView.op(frame)],
  [Command.StartView, (frame) => startViewView.op(frame)],
]);

/** The op that a frame is about: the entry, the commit point, or the head of a log. */
export function opOf(frame: Uint8Array): number | undefined {
  try {
    return readers.get(frameView.command(frame))?.(frame);
  } catch {
    // Altered on its way, and no number any more.
    return undefined;
  }
}
