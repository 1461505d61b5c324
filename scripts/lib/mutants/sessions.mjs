import { on } from './on.mjs';
import { rebind } from './shared.mjs';

const table = 'src/consensus/client-table/client-table.ts';
const smallTiers = { profile: 'sessions', replicas: 3, limits: 'clientSlots=3,retiredSlots=3' };

/** Sessions, logins and logouts, replies. */
export const sessionMutants = [
  {
    id: 'M19',
    bug: 'a new primary does not know what was executed before',
    caughtBy: ['C1', 'C2'],
    budget: 100,
    run: { profile: 'sessions', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/admission.ts',
        find: 'const judged = r.table.check(proposal, r.config.requestPolicy);',
        replace: `let judged = r.table.check(proposal, r.config.requestPolicy);
  const isRepeat = judged.verdict === 'Duplicate' || judged.verdict === 'AlreadyApplied';
  if (${on('M19')} && r.view > 0 && isRepeat) judged = { verdict: 'New' };`,
      },
    ],
  },
  {
    id: 'M20',
    bug: 'a login resets the watermark',
    caughtBy: ['C1', 'C5'],
    budget: 50,
    run: { profile: 'sessions', replicas: 3 },
    edits: [rebind],
  },
  {
    id: 'M21',
    bug: 'epochs are counted per entry',
    caughtBy: ['C3', 'C4'],
    budget: 200,
    run: { profile: 'sessions', replicas: 3 },
    edits: [
      rebind,
      {
        file: table,
        find: '      epoch: register.op,\n      userId: register.userId,',
        replace: `      epoch: ${on('M21')} ? 1 : register.op,\n      userId: register.userId,`,
      },
      {
        file: 'src/consensus/commit.ts',
        find: "    kind: 'registered',\n    session: op,",
        replace: `    kind: 'registered',\n    session: ${on('M21')} ? (session?.epoch ?? op) : op,`,
      },
    ],
  },
  {
    id: 'M22',
    bug: 'a repeat is looked up before the epoch is compared',
    caughtBy: ['C4'],
    budget: 200,
    run: { profile: 'sessions', replicas: 3 },
    edits: [
      {
        file: table,
        find: '    if (key.session < entry.epoch) return',
        replace: `    const repeated = ${on('M22')} ? entry.replies[findReply(entry, key.request)] : undefined;
    if (repeated !== undefined) return { verdict: 'Duplicate', reply: repeated };
    if (key.session < entry.epoch) return`,
      },
    ],
  },
  {
    id: 'M23',
    bug: 'the first slot is evicted',
    caughtBy: ['C6', 'S16'],
    budget: 50,
    run: smallTiers,
    edits: [
      {
        file: 'src/consensus/client-table/slots.ts',
        find: 'entry.latestCommit < oldest.latestCommit',
        replace: `(!${on('M23')} && entry.latestCommit < oldest.latestCommit)`,
      },
    ],
  },
  {
    id: 'M24',
    bug: 'a repeat is answered with what the slot held for its former client',
    caughtBy: ['C7', 'C2'],
    budget: 200,
    run: { profile: 'sessions', replicas: 3, clients: 9, limits: 'clientSlots=6,retiredSlots=4' },
    edits: [
      {
        file: table,
        find: '  #remove(entry: LiveEntry): void {',
        replace:
          '  ghosts = new Map();\n\n  #remove(entry) {\n    this.ghosts.set(entry.slot, entry.replies);',
      },
      {
        file: table,
        find: '    if (reply === undefined) return verdicts.alreadyApplied;',
        replace: `    const former = ${on('M24')} ? this.ghosts.get(entry.slot)?.findLast((each) => replyRequest(each) !== 0n) : undefined;
    if (former !== undefined) return { verdict: 'Duplicate', reply: former };
    if (reply === undefined) return verdicts.alreadyApplied;`,
      },
    ],
  },
  {
    id: 'M25',
    bug: 'a logout is proposed whatever its epoch and whatever is in flight',
    caughtBy: ['C8'],
    budget: 300,
    run: { profile: 'sessions', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/admission.ts',
        find: '  if (isInFlight(r, proposal.client)) return notReady(r, proposal);',
        replace: `  if (${on('M25')} && operation === Operation.Logout) return preflightLogout(r, proposal);
  if (isInFlight(r, proposal.client)) return notReady(r, proposal);`,
      },
      {
        file: 'src/consensus/admission.ts',
        find: 'session.epoch !== proposal.session) {',
        replace: `(!${on('M25')} && session.epoch !== proposal.session)) {`,
      },
    ],
  },
  {
    id: 'M26',
    bug: 'request numbers must be contiguous',
    caughtBy: ['C9', 'W1'],
    budget: 20,
    run: { profile: 'sessions', replicas: 3 },
    edits: [
      {
        file: table,
        find: "const strict = policy === 'strict';",
        replace: `const strict = ${on('M26')} || policy === 'strict';`,
      },
    ],
  },
  {
    id: 'M33',
    bug: 'a linearizable read is served without a round and before the inherited log',
    caughtBy: ['L2'],
    budget: 200,
    run: { profile: 'reads', replicas: 3, clients: 8, faults: 'trance' },
    edits: [
      {
        file: 'src/consensus/reads.ts',
        find: 'if (isConfirmed && r.commitMin >= read.readOp) return 0;',
        replace: `if (${on('M33')} || (isConfirmed && r.commitMin >= read.readOp)) return 0;`,
      },
    ],
  },
  {
    id: 'M41',
    bug: 'a forwarded register answers the login that has waited longest',
    caughtBy: ['C11'],
    budget: 300,
    run: { profile: 'sessions', replicas: 3 },
    edits: [
      {
        file: 'src/server/forwarding/forwards.ts',
        find: '    if (forward === undefined || forward.clientId !== clientId) return undefined;',
        replace: `    if (${on('M41')} && forward?.pending.kind === 'register') {
      const [first] = [...this.#waiting].filter(([, each]) => each.pending.kind === 'register');
      this.#waiting.delete(first[0]);
      return first[1];
    }
    if (forward === undefined || forward.clientId !== clientId) return undefined;`,
      },
    ],
  },
  {
    id: 'M48',
    bug: 'a retired session misses a late commit, and may be dropped by its own return',
    caughtBy: ['C13'],
    budget: 300,
    run: smallTiers,
    edits: [
      {
        file: table,
        find: "    if (entry === undefined) return 'NoEntry';",
        replace: `    if (entry === undefined || ${on('M48')}) return 'NoEntry';`,
      },
      {
        file: table,
        find: '    const retired = this.#retired.take(register.client);',
        replace: `    const early = ${on('M48')} ? this.#makeRoom() : undefined;\n    const retired = this.#retired.take(register.client);`,
      },
      {
        file: table,
        find: '    const effects = this.#makeRoom();',
        replace: '    const effects = early ?? this.#makeRoom();',
      },
    ],
  },
];
