import { opOf, type ReplayedInput } from '../../simulator/index.js';
import { commandName, frameView } from '../../wire/index.js';

/** An input of a recording as people read it. */
export function inputLine({ node, group, number, input }: ReplayedInput): string {
  return `${String(number).padStart(7)} r${node} ${group} ${input.kind}${detailOf(input)}\n`;
}

function detailOf(input: ReplayedInput['input']): string {
  switch (input.kind) {
    case 'frame': {
      const { frame, from } = input.value;
      const op = opOf(frame);
      const about = op === undefined ? '' : ` op ${op}`;
      return ` <- r${from} ${commandName(frameView.command(frame))} view ${frameView.view(frame)}${about}`;
    }
    case 'propose': {
      const { operation, request, body } = input.value.proposal;
      return ` operation ${operation} request ${request}, ${body.length} B`;
    }
    case 'journal-done':
      return ` ${input.value.write} ${['ok', 'append failed', 'sync failed'][input.value.result]}`;
    case 'superblock-done':
    case 'snapshot-done':
      return ` ${input.value.write} ${input.value.ok ? 'ok' : 'failed'}`;
    case 'effect-done':
      return ` ${input.value.id} ${input.value.ok ? 'ok' : 'failed'}`;
    default:
      return '';
  }
}
