// The client table against a model that does everything the slow and obvious way: plain lists, no
// index, no incremental sums.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClientTable } from '../../../src/consensus/client-table/client-table.js';
import {
  consensusLimits,
  decodeClientTable,
  encodeClientTable,
} from '../../../src/consensus/index.js';
import { makeReply } from '../harness/prepares.js';

const limits = consensusLimits({ clientSlots: 3, retiredSlots: 2, ringReplies: 3 });

interface ModelEntry {
  client: bigint;
  user: number;
  epoch: number;
  origin: number;
  watermark: bigint;
  latest: number;
  ring: { request: bigint; op: number }[];
  slot: number;
}

class Model {
  live: ModelEntry[] = [];
  retired: Omit<ModelEntry, 'epoch' | 'slot'>[] = [];

  register(client: bigint, user: number, op: number): void {
    const known = this.live.find((entry) => entry.client === client);
    if (known !== undefined) {
      known.epoch = op;
      known.user = user;
      known.latest = op;
      known.ring = known.ring.filter(({ request }) => request !== 0n);
      this.#push(known, 0n, op);
      return;
    }
    const back = this.retired.find((entry) => entry.client === client);
    this.retired = this.retired.filter((entry) => entry !== back);
    const kept = back?.user === user ? back : undefined;
    if (this.live.length === 3) this.#evict();
    const slot = [0, 1, 2].find((each) => !this.live.some((entry) => entry.slot === each)) ?? 9;
    const entry: ModelEntry = {
      client,
      user,
      epoch: op,
      origin: kept?.origin ?? op,
      watermark: kept?.watermark ?? 0n,
      latest: op,
      ring: [...(kept?.ring ?? [])],
      slot,
    };
    this.#push(entry, 0n, op);
    this.live.push(entry);
  }

  commit(client: bigint, request: bigint, op: number): void {
    const entry = this.live.find((each) => each.client === client);
    if (entry !== undefined) {
      if (request < entry.watermark) return;
      const same = entry.ring.find((reply) => reply.request === request);
      if (request === entry.watermark && same !== undefined) same.op = op;
      else this.#push(entry, request, op);
      entry.watermark = request;
      entry.latest = op;
      return;
    }
    const retired = this.retired.find((each) => each.client === client);
    if (retired === undefined || request < retired.watermark) return;
    retired.watermark = request;
    retired.latest = op;
    retired.ring = [{ request, op }];
  }

  logout(client: bigint): void {
    this.live = this.live.filter((entry) => entry.client !== client);
  }

  endUser(user: number): void {
    this.live = this.live.filter((entry) => entry.user !== user);
    this.retired = this.retired.filter((entry) => entry.user !== user);
  }

  verdict(client: bigint, session: number, request: bigint): string {
    const entry = this.live.find((each) => each.client === client);
    if (entry === undefined) return 'NoSession';
    if (session !== entry.epoch) return session < entry.epoch ? 'Fenced' : 'EpochAhead';
    if (request > entry.watermark) return 'New';
    const cached = entry.ring.some((reply) => reply.request === request);
    return cached ? 'Duplicate' : 'AlreadyApplied';
  }

  #push(entry: ModelEntry, request: bigint, op: number): void {
    entry.ring.push({ request, op });
    while (entry.ring.length > 3) entry.ring.shift();
  }

  #evict(): void {
    const victim = [...this.live].sort((a, b) => a.latest - b.latest)[0];
    if (victim === undefined) return;
    this.live = this.live.filter((entry) => entry !== victim);
    const newest = victim.ring.filter(({ request }) => request !== 0n).at(-1);
    this.retired.push({ ...victim, ring: newest === undefined ? [] : [newest] });
    if (this.retired.length > 2) {
      const oldest = [...this.retired].sort(
        (a, b) => a.latest - b.latest || Number(a.client - b.client),
      )[0];
      this.retired = this.retired.filter((entry) => entry !== oldest);
    }
  }
}

const client = fc.integer({ min: 1, max: 7 }).map(BigInt);
const action = fc.oneof(
  fc.record({
    kind: fc.constant('register' as const),
    client,
    user: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({
    kind: fc.constant('commit' as const),
    client,
    request: fc.integer({ min: 1, max: 9 }).map(BigInt),
  }),
  fc.record({ kind: fc.constant('logout' as const), client }),
  fc.record({ kind: fc.constant('end-user' as const), user: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant('transfer' as const) }),
);

it('agrees with the model over any history, also across a transfer', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      let table = new ClientTable(limits);
      const model = new Model();
      let op = 0;
      for (const step of actions) {
        op++;
        switch (step.kind) {
          case 'register': {
            const reply = makeReply({ client: step.client, op, request: 0n });
            table.commitRegister({ client: step.client, userId: step.user, op, reply });
            model.register(step.client, step.user, op);
            break;
          }
          case 'commit': {
            const { request } = step;
            const reply = makeReply({ client: step.client, op, request });
            table.commitReply({ client: step.client, request, requestChecksum: 0n, op, reply });
            model.commit(step.client, request, op);
            break;
          }
          case 'logout':
            table.commitLogout(step.client);
            model.logout(step.client);
            break;
          case 'end-user':
            table.endUser(step.user);
            model.endUser(step.user);
            break;
          case 'transfer': {
            const copy = new ClientTable(limits);
            copy.restore(decodeClientTable(encodeClientTable(table.image())));
            table = copy;
          }
        }
        compare(table, model);
      }
    }),
    { numRuns: 300 },
  );
});

function compare(table: ClientTable, model: Model): void {
  const image = table.image();
  const live = [...model.live].sort((a, b) => a.slot - b.slot);
  expect(
    image.live.map((e) => [e.slot, e.client, e.epoch, e.userId, e.origin, e.watermark]),
  ).toEqual(live.map((e) => [e.slot, e.client, e.epoch, e.user, e.origin, e.watermark]));
  expect(image.live.map((e) => e.replies.length)).toEqual(live.map((e) => e.ring.length));
  const retired = [...model.retired].sort((a, b) => a.latest - b.latest);
  expect(image.retired.map((e) => [e.client, e.origin, e.watermark, e.latestCommit])).toEqual(
    retired.map((e) => [e.client, e.origin, e.watermark, e.latest]),
  );
  for (const entry of live) {
    for (let request = 1n; request <= 9n; request++) {
      const key = { client: entry.client, session: entry.epoch, request, requestChecksum: 0n };
      expect(table.check(key, 'watermark').verdict).toBe(
        model.verdict(entry.client, entry.epoch, request),
      );
    }
  }
}
