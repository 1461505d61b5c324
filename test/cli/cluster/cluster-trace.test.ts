import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCapture } from '../../../src/cli/capture/read-capture.js';
import { ClusterTrace, openTrace } from '../../../src/cli/cluster/trace/cluster-trace.js';
import { IggyClient } from '../../../src/client/index.js';
import { LocalCluster } from '../../../src/cluster/index.js';
import { Decoder, type FrameView } from '../../../src/decoder/index.js';
import { hashing } from '../../helpers/remembered-hashing.js';

const directory = mkdtempSync(join(tmpdir(), 'iggyctl-trace-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const secret = 'correct-horse-battery';

/** What a short life of a cluster leaves in a trace. */
async function traced(path: string): Promise<void> {
  const trace = new ClusterTrace(path);
  const cluster = await LocalCluster.start({
    hashing,
    ...{ ephemeral: true, portBase: 0, nodes: 3, ...trace.tap },
  });
  try {
    const port = cluster.nodes[0]?.ports.tcp ?? 0;
    const client = await IggyClient.connect({
      servers: [`127.0.0.1:${port}`],
      credentials: { username: 'iggy', password: 'iggy' },
    });
    await client.users.create({ username: 'bob', password: secret });
    const token = await client.tokens.create({ name: 'pat' });
    await client.streams.create('large');
    await client.close();
    expect(token.length).toBeGreaterThan(0);
    rawToken = token;
  } finally {
    await cluster.stop();
    trace.close();
  }
}

let rawToken = '';

describe('the trace of a cluster', () => {
  it('is a capture that can be decoded whole, without secrets, replica links included', async () => {
    const path = join(directory, 'cluster.pcap');
    await traced(path);
    const bytes = readFileSync(path);

    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(bytes.includes(secret)).toBe(false);
    expect(bytes.includes(rawToken)).toBe(false);
    const seen = new Map<string, number>();
    const problems: string[] = [];
    const decoder = new Decoder(
      {
        ...{ form: 'auto', framing: 'auto', layout: 'current', direction: undefined },
        ...{ ports: () => [], verify: true, resync: false, pair: true, filter: undefined },
        ...{ skip: 0, limit: 1e9, countOnly: false },
      },
      {
        frame: ({ command, operation, problems: found }) => {
          const name = `${command.name} ${operation?.name ?? ''}`.trim();
          seen.set(name, (seen.get(name) ?? 0) + 1);
          problems.push(...found.map((each) => `${name}: ${each}`));
        },
        bad: ({ reason }) => problems.push(reason),
        partial: () => problems.push('partial'),
        warn: (message) => problems.push(message),
      },
    );
    const input = decoder.open(path);
    input.push(bytes);
    input.end();

    expect(problems).toEqual([]);
    expect(seen.get('Request CreateUser')).toBe(1);
    expect(seen.get('Reply CreateUser')).toBe(1);
    // From the primary along the chain of backups.
    expect(seen.get('Prepare CreateUser')).toBe(2);
    expect(seen.get('PrepareOk CreateUser')).toBeGreaterThan(0);
  });

  it('is otherwise a JSON object for every frame, as decode prints it', async () => {
    const path = join(directory, 'cluster.ndjson');
    await traced(path);
    const text = readFileSync(path, 'utf8');
    const frames = text
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { kind: string; command: { name: string }; body: unknown },
      );

    for (const hidden of [secret, rawToken]) {
      expect(text).not.toContain(hidden);
      expect(text).not.toContain(Buffer.from(hidden).toString('hex'));
    }
    expect(new Set(frames.map(({ kind }) => kind))).toEqual(new Set(['frame']));
    const names = new Set(frames.map(({ command }) => command.name));
    expect([...names]).toEqual(
      expect.arrayContaining(['Request', 'Reply', 'Prepare', 'PrepareOk']),
    );

    const read: string[] = [];
    const sink = {
      frame: ({ command }: FrameView) => void read.push(command.name),
      note: expect.fail,
    };
    await readCapture(path, { signal: new AbortController().signal }, sink);
    expect(read.sort()).toEqual(frames.map(({ command }) => command.name).sort());
  });

  it('says at once that its file cannot be written', () => {
    expect(openTrace(undefined)).toBeUndefined();
    expect(() => openTrace(join(directory, 'no/such/folder.pcap'))).toThrow(/cannot write/);
  });
});
