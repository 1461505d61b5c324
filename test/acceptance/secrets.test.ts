import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { freshId, outcome } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { code, op, passwordBody, streamBody, tokenBody, userBody } from './hand/requests.js';

/** The bytes of all files below a folder. */
const filesOf = (folder: string): Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

it('passwords and tokens are in no file, link, event or error', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-secrets-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const passwords = [
    'first-Pa55-of-alice',
    'second-Pa55-of-alice',
    'wrong-Pa55-guess',
    'root-Pa55',
  ];
  const [first = '', second = '', wrong = '', ofRoot = ''] = passwords;
  const root = { username: 'iggy', password: ofRoot };
  const small = { 'metadata.journal_slots': '128', 'session.resume_grace': '0' };
  const server = await HandCluster.open(small, { nodes: 3, dataDir, root });
  server.cluster.setTracing(true);
  const seen: Buffer[] = [];
  server.cluster.bus.tap((_from, _to, frame) => {
    seen.push(Buffer.from(frame));
  });
  const note = (value: unknown) => {
    seen.push(Buffer.from(inspect(value, { depth: 20, showHidden: true })));
  };
  server.cluster.events.listen(note);

  const admin = await (await server.dial()).login('iggy', ofRoot);
  await admin.must(op.createUser, userBody('alice', first));
  const alice = await (await server.dial()).login('alice', first);
  const token = (await alice.must(op.createToken, tokenBody('t'))).subarray(1).toString();
  expect(token).toHaveLength(68);
  expect(await alice.does(op.changePassword, passwordBody('alice', wrong, second))).toBe('R 42');
  expect(await alice.does(op.changePassword, passwordBody('alice', first, second))).toBe('ok');
  expect(outcome(await (await server.dial()).tryLogin('alice', wrong))).toBe('E 9');
  const backup = (server.primary + 1) % 3;
  // A backup knows the new password once it has applied the change.
  await vi.waitFor(
    async () => {
      await (await server.dial(backup)).login('alice', second);
    },
    { timeout: 60_000, interval: 100 },
  );
  const holder = await server.dial();
  expect(outcome(await holder.tryToken(token))).toBe('ok');
  holder.id = freshId();
  expect(outcome(await holder.tryToken(`${token.slice(0, -2)}x=`))).toBe('E 10');
  expect(await admin.does(op.createUser, userBody('alice', second))).toBe('R 46');
  const malformed = userBody('bob', second).subarray(0, -1);
  expect(await admin.does(op.createUser, malformed)).toBe('S 3');
  const snapshot = await admin.get(code.snapshot, Buffer.from([1, 1, 100]));

  const servers = [`127.0.0.1:${server.port()}`];
  for (const credentials of [{ username: 'alice', password: wrong }, { token: `${token}0` }]) {
    await IggyClient.connect({ servers, credentials }).catch(note);
  }
  const client = await IggyClient.connect({ servers, credentials: root });
  for (const action of [
    client.users.changePassword('alice', { current: wrong, next: second }),
    client.users.create({ username: 'alice', password: second }),
    client.users.create({ username: 'x', password: second }),
  ]) {
    await action.then(note, note);
  }
  note(client);
  client.destroy();
  // Past a checkpoint, so that there is a snapshot file too.
  for (let i = 0; i < 140; i++) await admin.must(op.createStream, streamBody(`s${i}`));
  for (const { id } of server.cluster.nodes) note(server.cluster.inspect(id));
  note(server.cluster.events.since(0));
  await server.stop();

  const files = filesOf(dataDir);
  expect(files.length).toBeGreaterThan(6);
  expect(seen.length).toBeGreaterThan(500);
  for (const secret of [...passwords, token]) {
    const found = [...files, ...seen, snapshot].filter((bytes) => bytes.includes(secret));
    expect([secret.slice(0, 5), found.map((bytes) => bytes.toString('latin1'))]).toEqual([
      secret.slice(0, 5),
      [],
    ]);
  }
});
