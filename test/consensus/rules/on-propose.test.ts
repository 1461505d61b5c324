import { describe, expect, it } from 'vitest';
import type { ProposalOutcome } from '../../../src/consensus/index.js';
import { Operation } from '../../../src/wire/index.js';
import { Cluster, type ClusterOptions } from '../harness/cluster.js';
import { deniedOperation } from '../harness/counter-machine.js';

const client = 5n;
const session = 1;

/** Three replicas, one registered client. */
function registered(options: ClusterOptions = {}): Cluster {
  const cluster = new Cluster(options);
  cluster.register(0, client);
  cluster.settle();
  return cluster;
}

function committed(
  cluster: Cluster,
  request: bigint,
  requestChecksum = 0n,
): ProposalOutcome | undefined {
  const token = cluster.request(0, { client, session, request, requestChecksum });
  cluster.settle();
  return cluster.outcome(token);
}

const refused = (code: number, verdict?: string) => ({
  kind: 'refused',
  code,
  ...(verdict === undefined ? {} : { verdict }),
});

/** Lets nothing reach the backups, so that what is proposed stays in flight. */
function hold(cluster: Cluster): void {
  cluster.cut(0, 1);
  cluster.cut(0, 2);
}

describe('register', () => {
  it('04-R1 commits a first register: the session is its op', () => {
    const cluster = new Cluster();
    const token = cluster.register(0, client);
    cluster.settle();

    expect(cluster.outcome(token)).toEqual({
      kind: 'registered',
      session: 1,
      watermark: 0n,
      origin: 1,
    });
  });

  it('04-R3 refuses a second register while the first is in flight', () => {
    const cluster = new Cluster();
    hold(cluster);
    cluster.register(0, client);
    cluster.settle();

    expect(cluster.outcome(cluster.register(0, client))).toEqual(refused(57, 'InProgress'));
  });

  it('04-R6 binds again after the reply was lost: higher session, watermark and origin kept', () => {
    const cluster = registered();
    committed(cluster, 4n);
    const token = cluster.register(0, client);
    cluster.settle();

    expect(cluster.outcome(token)).toEqual({
      kind: 'registered',
      session: 3,
      watermark: 4n,
      origin: 1,
    });
  });

  it('04-R7 03-S50 refuses a client id of another user for good', () => {
    const cluster = registered();

    expect(cluster.outcome(cluster.register(0, client, 2))).toEqual({
      kind: 'owned-by-another-user',
    });
  });

  it('04-R9 refuses at a replica that is not primary', () => {
    expect(new Cluster().register(1, client)).toBeGreaterThan(0);
    const cluster = new Cluster();
    expect(cluster.outcome(cluster.register(1, client))).toEqual(refused(58));
  });

  it('04-R10 refuses when both queues are full', () => {
    const cluster = new Cluster({ limits: { pipelineDepth: 2 } });
    hold(cluster);
    const tokens = [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((id) => cluster.register(0, id));
    cluster.settle();

    expect(tokens.map((token) => cluster.outcome(token)?.kind)).toEqual([
      ...new Array(6).fill(undefined),
      'refused',
    ]);
    expect(cluster.outcome(tokens[6] ?? 0)).toEqual(refused(58));
    expect(cluster.replica(0).status).toMatchObject({ pipelineLength: 2, requestQueueLength: 4 });
  });

  it('refuses ids that belong to the server', () => {
    const cluster = new Cluster();
    const reserved = (0xffff_ffff_ffff_ffffn << 64n) | 5n;

    expect(cluster.outcome(cluster.register(0, reserved))).toEqual(refused(3));
    expect(cluster.outcome(cluster.register(0, 0n))).toEqual(refused(3));
  });
});

describe('requests', () => {
  it('04-Q1 04-Q2 commits the next number and any higher one', () => {
    const cluster = registered();

    expect(committed(cluster, 1n)).toMatchObject({ kind: 'committed', op: 2 });
    expect(committed(cluster, 9n)).toMatchObject({ kind: 'committed', op: 3 });
  });

  it('04-Q3 answers 57 while the original is in flight', () => {
    const cluster = registered();
    hold(cluster);
    cluster.request(0, { client, session, request: 1n });

    const retry = cluster.request(0, { client, session, request: 1n });
    expect(cluster.outcome(retry)).toEqual(refused(57, 'NotReady'));
  });

  it('04-Q4 04-Q5 replays cached replies byte for byte', () => {
    const cluster = registered();
    const replies = [1n, 2n].map((request) => committed(cluster, request));
    const again = [1n, 2n].map((request) => committed(cluster, request));

    for (const [i, first] of replies.entries()) {
      if (first?.kind !== 'committed') throw new Error('not committed');
      expect(again[i]).toEqual({ kind: 'duplicate', reply: first.reply });
    }
  });

  it('04-Q6 refuses a number whose reply is no longer cached', () => {
    const cluster = registered({ limits: { ringReplies: 2 } });
    for (const request of [1n, 2n, 3n]) committed(cluster, request);

    expect(committed(cluster, 1n)).toEqual(refused(59, 'AlreadyApplied'));
  });

  it('04-Q7 refuses a used number with another body, and changes nothing', () => {
    const cluster = registered();
    committed(cluster, 1n, 11n);

    expect(committed(cluster, 1n, 12n)).toEqual(refused(3, 'ChecksumMismatch'));
    expect(committed(cluster, 1n, 11n)).toMatchObject({ kind: 'duplicate' });
  });

  it('04-Q10 04-Q11 04-Q12 evicts fenced, impossible and unknown sessions', () => {
    const cluster = registered();
    cluster.register(0, client);
    cluster.settle();
    const evicted = (fields: { client: bigint; session: number }) =>
      cluster.outcome(cluster.request(0, { request: 1n, ...fields }));

    expect(evicted({ client, session: 1 })).toMatchObject({ reason: 7, verdict: 'Fenced' });
    expect(evicted({ client, session: 9 })).toMatchObject({ reason: 12, verdict: 'EpochAhead' });
    expect(evicted({ client: 6n, session: 1 })).toMatchObject({ reason: 1, verdict: 'NoSession' });
  });

  it('04-Q13 never evicts from a table that may lag', () => {
    const cluster = registered();
    const elsewhere = cluster.request(1, { client: 6n, session: 1, request: 1n });

    expect(cluster.outcome(elsewhere)).toEqual(refused(58));
  });

  it('04-Q14 04-Q15 parks what finds no slot, and refuses what finds no room', () => {
    const cluster = new Cluster({ limits: { pipelineDepth: 2 } });
    for (const id of [1n, 2n, 3n, 4n, 5n, 6n, 7n]) {
      cluster.register(0, id);
      cluster.settle();
    }
    hold(cluster);
    const tokens = [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((id) =>
      cluster.request(0, { client: id, session: Number(id), request: 1n }),
    );
    expect(cluster.outcome(tokens[6] ?? 0)).toEqual(refused(58));
    cluster.heal();
    cluster.run(100);

    for (const token of tokens.slice(0, 6)) {
      expect(cluster.outcome(token)?.kind).toBe('committed');
    }
  });

  it('03-S48 runs the preflight again when a parked request is promoted', () => {
    const cluster = new Cluster({ limits: { pipelineDepth: 2 } });
    for (const id of [1n, 2n, 3n]) {
      cluster.register(0, id);
      cluster.settle();
    }
    hold(cluster);
    const logout = cluster.request(0, { client: 1n, session: 1, request: 1n });
    cluster.request(0, { client: 2n, session: 2, request: 1n });
    const parked = cluster.request(0, { client: 3n, session: 3, request: 1n });
    const other = cluster.register(0, 4n);
    cluster.heal();
    cluster.run(100);

    expect(cluster.outcome(logout)?.kind).toBe('committed');
    expect(cluster.outcome(parked)?.kind).toBe('committed');
    expect(cluster.outcome(other)?.kind).toBe('registered');
  });

  it('04-Q18 03-S52 does not replay the success of a token creation', () => {
    const cluster = registered();
    const operation = Operation.CreatePersonalAccessToken;
    const ask = () => {
      const token = cluster.request(0, { client, session, request: 1n, operation });
      cluster.settle();
      return cluster.outcome(token);
    };

    expect(ask()?.kind).toBe('committed');
    expect(ask()).toEqual(refused(51, 'Duplicate'));
  });

  it('04-Q19 evicts operations that only servers make', () => {
    const cluster = registered();
    const operation = Operation.CreateTopicWithAssignments;

    expect(
      cluster.outcome(cluster.request(0, { client, session, request: 1n, operation })),
    ).toEqual({ kind: 'evicted', reason: 4 });
  });

  it('04-Q20 passes a denial of the state machine on and logs nothing', () => {
    const cluster = registered();
    const body = new Uint8Array([3]);
    const token = cluster.request(0, {
      client,
      session,
      request: 1n,
      operation: deniedOperation,
      body,
    });

    expect(cluster.outcome(token)).toEqual({ kind: 'denied', status: 3 });
    expect(cluster.replica(0).status.head).toBe(1);
  });

  it('03-S49 refuses reserved operations and missing numbers before the table is asked', () => {
    const cluster = registered();
    const ask = (fields: { operation?: number; request?: bigint; session?: number }) =>
      cluster.outcome(cluster.request(0, { client, session, request: 1n, ...fields }));

    expect(ask({ operation: Operation.Reserved })).toEqual(refused(3));
    expect(ask({ operation: Operation.NonReplicated })).toEqual(refused(3));
    expect(ask({ request: 0n })).toEqual(refused(3));
    expect(ask({ session: 0 })).toEqual(refused(3));
    expect(ask({ operation: Operation.Register, request: 1n })).toEqual(refused(3));
  });

  it('denies what would not fit into the log', () => {
    const cluster = registered({ limits: { entryBytesMax: 1000 } });
    const body = new Uint8Array(745);
    const token = cluster.request(0, { client, session, request: 1n, body });

    expect(cluster.outcome(token)).toEqual({ kind: 'denied', status: 3 });
  });

  it('stamps the acting user of the session, whatever the request says', () => {
    const cluster = new Cluster();
    cluster.register(0, client, 42);
    cluster.settle();
    cluster.request(0, { client, session, request: 1n, userId: 7 });
    cluster.settle();

    const entry = cluster.replica(2).state.log.get(2);
    expect(entry?.content?.userId).toBe(42);
  });

  it('under the strict policy evicts a gap', () => {
    const cluster = registered({ requestPolicy: 'strict' });

    expect(committed(cluster, 1n)?.kind).toBe('committed');
    expect(committed(cluster, 3n)).toEqual({
      kind: 'evicted',
      reason: 12,
      verdict: 'RequestGap',
    });
  });
});

describe('logout', () => {
  const logout = (cluster: Cluster, fields: { client?: bigint; session?: number } = {}) => {
    const token = cluster.request(0, {
      client,
      session,
      request: 0xffff_ffff_ffff_ffffn,
      operation: Operation.Logout,
      ...fields,
    });
    cluster.settle();
    return cluster.outcome(token);
  };

  it('04-L1 ends the session on every replica', () => {
    const cluster = registered();

    expect(logout(cluster)).toEqual({ kind: 'logged-out', commit: 2 });
    cluster.run(100);
    for (const { replica, machine } of cluster.nodes) {
      expect(replica?.session(client)).toBeUndefined();
      expect(machine.ended).toEqual([client]);
    }
  });

  it('04-L3 03-S46 proposes nothing for an unknown or newer session', () => {
    const cluster = registered();
    cluster.register(0, client);
    cluster.settle();

    expect(logout(cluster, { session: 1 })).toEqual({ kind: 'logged-out', commit: 2 });
    expect(logout(cluster, { client: 9n })).toEqual({ kind: 'logged-out', commit: 2 });
    expect(cluster.replica(0).session(client)?.epoch).toBe(2);
  });

  it('04-L4 03-S83 waits while an operation of the client is in flight', () => {
    const cluster = registered();
    hold(cluster);
    cluster.register(0, client);

    expect(logout(cluster)).toEqual(refused(57, 'NotReady'));
  });
});

describe('server operations', () => {
  const clean = (cluster: Cluster, index = 0, id = 0n) =>
    cluster.propose(index, {
      source: 'server',
      operation: Operation.DeletePersonalAccessToken,
      client: id,
      session: 0,
      request: 0xffff_ffff_ffff_ffffn,
      requestChecksum: 0n,
      userId: 0,
      body: new Uint8Array(1),
    });

  it('skip the client table and leave no trace in it', () => {
    const cluster = new Cluster();
    const token = clean(cluster);
    cluster.settle();

    expect(cluster.outcome(token)).toMatchObject({ kind: 'committed', op: 1 });
    expect(cluster.replica(0).clientTable()).toEqual({ live: [], retired: [] });
  });

  it('are bounced instead of parked', () => {
    const cluster = new Cluster({ limits: { pipelineDepth: 1 } });
    hold(cluster);
    clean(cluster);

    expect(cluster.outcome(clean(cluster))).toEqual(refused(58));
    expect(cluster.outcome(clean(cluster, 1))).toEqual(refused(58));
  });

  it('are not prepared twice for one target', () => {
    const cluster = new Cluster();
    hold(cluster);
    const target = (0xffff_ffff_ffff_ffffn << 64n) | 3n;
    clean(cluster, 0, target);

    expect(cluster.outcome(clean(cluster, 0, target))).toEqual(refused(57, 'NotReady'));
  });
});
