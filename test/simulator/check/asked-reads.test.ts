import { describe, expect, it } from 'vitest';
import { AskedReads } from '../../../src/simulator/check/asked-reads.js';
import { Command, Operation, replyView, requestView } from '../../../src/wire/index.js';

const poll = 100;
const roster = 12;

function read(code: number): Uint8Array {
  const frame = new Uint8Array(256);
  requestView.put.command(frame, Command.Request);
  requestView.put.operation(frame, Operation.NonReplicated);
  requestView.put.commandCode(frame, code);
  return frame;
}

function answer(command: number, operation: number): Uint8Array {
  const frame = new Uint8Array(256);
  replyView.put.command(frame, command);
  replyView.put.operation(frame, operation);
  return frame;
}

const reply = answer(Command.Reply, Operation.NonReplicated);
const welcome = answer(Command.Reply, Operation.Register);
const eviction = answer(Command.Eviction, 0);

describe('what the answers to reads are about', () => {
  it('is what was asked, in its order, whatever else is answered in between', () => {
    const reads = new AskedReads<string>();
    reads.requested(read(poll), 'first');
    reads.requested(read(roster), undefined);
    expect(reads.answered(answer(Command.Reply, Operation.SendMessages))).toBeUndefined();
    expect(reads.answered(reply)).toEqual({ code: poll, about: 'first' });
    expect(reads.answered(reply)).toEqual({ code: roster, about: undefined });
    expect(reads.answered(reply)).toBeUndefined();
  });

  it('is not what an eviction answered: the next read after the new login is matched again', () => {
    const reads = new AskedReads<string>();
    reads.requested(read(poll), 'evicted');
    reads.answered(eviction);
    reads.requested(read(poll), 'before the login');
    expect(reads.answered(reply)).toBeUndefined();
    reads.answered(welcome);
    reads.requested(read(roster), undefined);
    reads.requested(read(poll), 'second');
    expect(reads.answered(reply)?.code).toBe(roster);
    expect(reads.answered(reply)?.about).toBe('second');
  });

  it('is nothing that was asked on an earlier connection', () => {
    const reads = new AskedReads<string>();
    reads.requested(read(poll), 'lost');
    reads.answered(eviction);
    reads.dialled();
    reads.requested(read(roster), undefined);
    expect(reads.answered(reply)?.code).toBe(roster);
  });
});
