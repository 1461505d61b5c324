// Replicated operations per second of the consensus core alone: three replicas in one thread, links
// and journals that are done at once, 64 sessions with one request in flight each.
import { loadSource } from './load-source.mjs';

const { Replica, consensusLimits, metadataGroup } = await loadSource('src/consensus/index.ts');

const replicaCount = 3;
const sessions = 64;
const operations = Number(process.env.BENCH_OPERATIONS ?? 200_000);
const createStream = 128;
const register = 1;
const body = new Uint8Array(32).fill(7);
const reply = new Uint8Array(16);

function machine() {
  return {
    admit: ({ operation, body }) => ({ kind: 'accept', operation, body }),
    apply: () => ({ body: reply }),
    endSession() {},
    snapshots: {
      encode: () => new Uint8Array(64),
      decode: () => undefined,
      restore: () => undefined,
    },
  };
}

const now = 1_700_000_000_000_000;
const outcomes = [];
const queue = [];
const replicas = Array.from({ length: replicaCount }, (_, replica) => {
  const config = {
    cluster: 1n,
    group: metadataGroup,
    groupIncarnation: 0,
    replica,
    replicaCount,
    limits: consensusLimits({ pipelineDepth: 127, clientSlots: 8192 }),
    requestPolicy: 'watermark',
    durability: 'durable',
    tracing: false,
  };
  return new Replica(config, machine(), { incarnation: BigInt(replica + 1), entries: [] });
});

function perform(effects) {
  for (const effect of effects) {
    switch (effect.kind) {
      case 'send':
        queue.push([effect.to, { kind: 'frame', frame: effect.frame, now }]);
        break;
      case 'journal-append':
      case 'journal-rewrite':
        queue.push([current, { kind: 'journal-done', write: effect.write, result: 'ok' }]);
        break;
      case 'superblock-write':
        queue.push([current, { kind: 'superblock-done', write: effect.write, ok: true }]);
        break;
      case 'snapshot-write':
        queue.push([current, { kind: 'snapshot-done', write: effect.write, ok: true }]);
        break;
      case 'outcome':
        outcomes.push(effect);
        break;
    }
  }
}

let current = 0;
function drain() {
  for (let i = 0; i < queue.length; i++) {
    const [to, event] = queue[i];
    current = to;
    perform(replicas[to].step(event));
  }
  queue.length = 0;
}

function propose(token, fields) {
  current = 0;
  const proposal = { token, source: 'client', requestChecksum: 1n, userId: 1, body, ...fields };
  perform(replicas[0].step({ kind: 'propose', proposal, now }));
}

const client = (i) => (BigInt(i + 1) << 64n) | BigInt(i + 77);
const session = [];
const request = new Array(sessions).fill(0n);
for (let i = 0; i < sessions; i++) {
  propose(i, { operation: register, client: client(i), session: 0, request: 0n });
  drain();
}
for (const { token, outcome } of outcomes.splice(0)) session[token] = outcome.session;

function round() {
  for (let i = 0; i < sessions; i++) {
    request[i]++;
    propose(i, {
      operation: createStream,
      client: client(i),
      session: session[i],
      request: request[i],
    });
  }
  drain();
  for (const { outcome } of outcomes.splice(0)) {
    if (outcome.kind !== 'committed') throw new Error(outcome.kind);
  }
}

for (let done = 0; done < operations / 4; done += sessions) round();
const started = performance.now();
const cpuBefore = process.cpuUsage();
let done = 0;
for (; done < operations; done += sessions) round();
const seconds = (performance.now() - started) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const perOp = (cpu.user + cpu.system) / done;
console.log(
  `${replicaCount} replicas, ${sessions} sessions: ${Math.round(done / seconds)} op/s, ` +
    `${perOp.toFixed(1)} µs of processor time per operation for all replicas together`,
);
