// The body of every command, against vectors that were made outside of this package.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  buildFrame,
  commandByCode,
  isOperation,
  Operation,
  replicatedAs,
} from '../../../src/wire/index.js';
import { decodeAll, type FrameJson } from '../../helpers/decoded.js';
import { request } from '../../helpers/sample-frames.js';

interface Vector {
  readonly command: string;
  readonly code: number | null;
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly hex: string;
  readonly framing?: string;
  readonly reply_body_hex?: string;
}

interface BatchJson {
  readonly base_offset: string;
  readonly base_timestamp: string;
  readonly messages: readonly {
    readonly offset_delta: number;
    readonly offset?: string;
    readonly timestamp?: string;
    readonly origin_timestamp: string;
  }[];
}

/** Members that describe a vector rather than a field of the body, and other spellings of rights. */
const notesOfVectors =
  /^(first_offset_delta|trailing_partitions_count|member|[A-Z].*|[a-z]+[A-Z].*|manage|read)$/;

const file = new URL('../../golden/commands.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[];

function frameOf(vector: Vector): Uint8Array | undefined {
  const command = vector.code === null ? undefined : commandByCode(vector.code);
  if (command === undefined) return undefined;
  const body = Buffer.from(vector.hex, 'hex');
  if (vector.kind === 'request-body') {
    const isRead = command.operation === Operation.NonReplicated;
    const numbers = command.operation === Operation.Register ? { request: 0n, session: 0n } : {};
    const code = isRead ? { commandCode: command.code } : {};
    return request(command.operation as Operation, body, { ...numbers, ...code });
  }
  const operation = replyOperation(command.operation);
  const replyBody = vector.reply_body_hex ?? vector.hex;
  return buildFrame('Reply', { client: 5n, operation, request: 1n }, Buffer.from(replyBody, 'hex'));
}

function replyOperation(operation: number): Operation {
  if (operation === Operation.NonReplicated) return Operation.NonReplicated;
  return (isOperation(operation) ? replicatedAs(operation) : undefined) ?? Operation.Reserved;
}

/** The frame, behind a request of its command where only that tells what a reply holds. */
function decodeVector(vector: Vector, showSecrets: boolean): FrameJson | undefined {
  const frame = frameOf(vector);
  if (frame === undefined || vector.code === null) return undefined;
  const isReply = vector.kind === 'response-body';
  const ask = request(Operation.NonReplicated, new Uint8Array(0), { commandCode: vector.code });
  const { frames } = decodeAll(isReply ? Buffer.concat([ask, frame]) : frame, {
    framing: 'vsr',
    showSecrets,
  });
  return frames.at(-1);
}

/** Every name that occurs at any depth, without the endings that say how bytes are written. */
function namesIn(value: unknown, names = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) namesIn(item, names);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      names.add(name.replace(/_(hex|text)$/, ''));
      namesIn(member, names);
    }
  }
  return names;
}

describe('bodies', () => {
  const known = vectors.filter((vector) => frameOf(vector) !== undefined);

  it('are known for every vector of a command', () => {
    expect(known.length).toBeGreaterThan(150);
  });

  for (const [at, vector] of known.entries()) {
    const name = `${vector.command} ${vector.kind} #${at}`;
    it(`hold every field: ${name}`, () => {
      const frame = decodeVector(vector, true);
      expect(frame?.problems).toEqual([]);
      if (Object.keys(vector.fields).length === 0) return;
      if (vector.fields['found'] === false) return;
      const names = namesIn(frame?.body);
      const missing = [...namesIn(vector.fields)].filter((field) => !names.has(field));
      expect(missing.filter((field) => !notesOfVectors.test(field))).toEqual([]);
      for (const [field, value] of Object.entries(vector.fields)) {
        // The official client encodes this one flag as 0 whatever it is told.
        const isPlain = typeof value !== 'object' && value !== null && field !== 'fsync';
        const found = frame?.body?.[field];
        if (isPlain && found !== undefined && typeof found !== 'object') {
          expect(String(found), field).toBe(String(value));
        }
      }
    });
  }
});

describe('a login code that is not sent as a Register', () => {
  it.each([40, 45])('is shown with its empty answer, which is not malformed: %i', (code) => {
    const ask = request(Operation.NonReplicated, new Uint8Array(0), { commandCode: code });
    const operation = Operation.NonReplicated;
    const none = buildFrame('Reply', { client: 5n, operation, request: 1n }, new Uint8Array(0));
    const { frames } = decodeAll(Buffer.concat([ask, none]), {
      framing: 'vsr',
      showSecrets: false,
    });
    expect(frames.at(-1)).toMatchObject({ problems: [] });
  });
});

describe('messages of a batch', () => {
  const polls = vectors.filter(
    ({ command, kind }) => command === 'poll_messages' && kind === 'response-body',
  );

  it('tell the offset and the times that their batch implies', () => {
    let seen = 0;
    for (const vector of polls) {
      const { batches } = vector.fields as { batches?: unknown };
      if (!Array.isArray(batches)) continue;
      const body = decodeVector(vector, true)?.body as { batches: BatchJson[] };
      for (const [at, batch] of (batches as BatchJson[]).entries()) {
        for (const [place, message] of batch.messages.entries()) {
          const found = body.batches[at]?.messages[place];
          const offset = BigInt(batch.base_offset) + BigInt(found?.offset_delta ?? 0);
          expect(found?.origin_timestamp).toBe(message.origin_timestamp);
          expect(found?.offset).toBe(offset.toString());
          expect(found?.timestamp).toBe(batch.base_timestamp);
          seen += 1;
        }
      }
    }
    expect(seen).toBeGreaterThan(2);
  });

  it('have no offset before a server gave them one', () => {
    const sent = vectors.find((vector) => vector.command === 'send_messages');
    const body = sent === undefined ? undefined : decodeVector(sent, true)?.body;
    const [message] = (body as { batch: BatchJson }).batch.messages;
    expect(message).toHaveProperty('origin_timestamp');
    expect(message).not.toHaveProperty('offset');
  });
});

describe('secrets', () => {
  it('of every command that has one stay hidden in value and digits', () => {
    const secretFields = ['password', 'current_password', 'new_password', 'token'];
    let seen = 0;
    for (const vector of vectors) {
      const secrets = secretFields.flatMap((name) => {
        const value = vector.fields[name];
        return typeof value === 'string' && value.length > 2 ? [value] : [];
      });
      const frame = secrets.length === 0 ? undefined : decodeVector(vector, false);
      if (frame === undefined) continue;
      seen += 1;
      for (const name of secretFields) {
        if (frame.body !== null && name in frame.body) expect(frame.body[name]).toBe('********');
      }
      for (const secret of secrets.filter((word) => word !== vector.fields['username'])) {
        expect(frame.body_hex).not.toContain(Buffer.from(secret).toString('hex'));
      }
      expect(JSON.stringify(frame.body)).toContain('********');
      expect(frame.body_hex).toContain('··');
      expect(decodeVector(vector, true)?.body_hex).not.toContain('··');
    }
    expect(seen).toBeGreaterThan(4);
  });

  it('are not shown of a frame that is cut off, whatever its command', () => {
    for (const vector of vectors) {
      const frame = vector.kind === 'request-body' ? frameOf(vector) : undefined;
      const secret = ['password', 'new_password', 'token']
        .map((name) => vector.fields[name])
        .find((value) => typeof value === 'string' && value.length > 2);
      if (frame === undefined || typeof secret !== 'string') continue;
      const { partials } = decodeAll(frame.subarray(0, frame.length - 1), { framing: 'vsr' });
      const view = partials[0]?.view;
      expect(view?.body.hidden).toBe(true);
    }
  });

  it('are not shown when a login cannot be decoded', () => {
    const body = Buffer.from('garbage hunter2 and more');
    const frame = request(Operation.Register, body, { request: 0n, session: 0n });
    const [shown] = decodeAll(frame).frames;
    expect(shown?.problems.join()).toContain('the body');
    expect(shown?.body).toBeNull();
    expect(shown?.body_hex).toBe('··'.repeat(body.length));
  });
});
