import { type Identifier, xxh3 } from '../../wire/index.js';
import type { AdmissionInput, AdmissionResult, ApplyResult, LogEntry } from '../log-entry.js';
import { allGrants } from './access/grants.js';
import { type AccessRule, type AccessScope, accessRules, isAllowed } from './access/rules.js';
import { admitMetadata } from './admission/admit.js';
import { GroupIdAllocator } from './admission/group-id-allocator.js';
import { checkClientRequest } from './admission/static-checks.js';
import { applyEntry } from './apply/apply-entry.js';
import { removeClient } from './apply/group-operations.js';
import type {
  GroupAccess,
  HousekeepingProposal,
  Membership,
  MetadataTotals,
  PartitionChange,
  PartitionInfo,
  PendingRevocation,
  ReadReply,
  ServingRule,
  TokenAccount,
  TopicPartitions,
  UserAccount,
} from './metadata-face.js';
import { groupAccessOf, topicPartitionsOf } from './queries/group-access.js';
import { pendingRevocations, tokenCleanup } from './queries/housekeeping.js';
import { allPartitions, partitionInfo } from './queries/partition-info.js';
import { totalsOf } from './queries/totals.js';
import { answerRead } from './reads/answer-read.js';
import type { ReadQuery } from './reads/read-query.js';
import { decodeMetadata, encodeMetadata } from './snapshot/metadata-snapshot.js';
import type { CheckpointContents } from './snapshot/snapshot-contents.js';
import { MetadataState } from './state/metadata-state.js';
import { rootUserId, type Token, User } from './state/user-table.js';

/** Reads and writes the machine's whole state; what consensus uses for checkpoints. */
export interface MetadataSnapshots {
  /** The payload of a snapshot file, without its trailer. */
  encode(contents: CheckpointContents): Uint8Array;
  /** Reads a payload without changing anything. @throws WireError, SNAPSHOT_INVALID */
  decode(payload: Uint8Array): CheckpointContents;
  /** Replaces the state. When it throws, the state is as before. */
  restore(payload: Uint8Array): CheckpointContents;
}

/** What a metadata machine starts with. */
export interface MetadataMachineConfig {
  /** Seeds the root user of a node that never lived; ignored once a snapshot is restored. */
  readonly root: {
    /** 3..50 bytes. */
    readonly username: string;
    /** PHC string. */
    readonly passwordHash: string;
  };
}

/**
 * The replicated metadata: users, tokens, streams, topics, partitions, consumer groups. A function
 * of the log: equal entries give equal states and equal reply bytes.
 * @source Iggy metadata state machine
 */
export class MetadataMachine {
  readonly #groupIds = new GroupIdAllocator();
  /** Checkpoints and state transfer as one file. */
  readonly snapshots: MetadataSnapshots = {
    encode: (contents) => {
      const payload = encodeMetadata(this.#state, contents, this.#snapshotBytes);
      this.#snapshotBytes = payload.length;
      return payload;
    },
    decode: (payload) => decodeMetadata(payload).contents,
    restore: (payload) => this.#restore(payload),
  };
  #state = new MetadataState();
  /** Size of the newest snapshot. */
  #snapshotBytes = 0;

  constructor(config: MetadataMachineConfig) {
    this.#state.users.insert(
      new User({
        id: rootUserId,
        // The same on all replicas, because the root user is not in the log.
        createdAt: 1,
        username: config.root.username,
        passwordHash: config.root.passwordHash,
        isActive: true,
        grants: allGrants,
      }),
    );
  }

  /** The primary's admission: validates and rewrites a request just before its prepare is built. */
  admit(request: AdmissionInput): AdmissionResult {
    return admitMetadata(this.#state, this.#groupIds, request);
  }

  /** An entry entered the log, not yet committed. */
  logged(entry: LogEntry): void {
    this.#groupIds.observeEntry(entry);
  }

  /** Executes a committed entry. Never throws, whatever the body holds. */
  apply(entry: LogEntry): ApplyResult {
    const result = applyEntry(this.#state, entry);
    // Whoever made a topic sends to it next: a quorum has to have its partitions by then.
    return this.#state.hasChanges ? { ...result, isUrgent: true } : result;
  }

  /** A session is gone: its memberships end and its partitions are dealt to the others. */
  endSession(client: bigint, _timestamp: number): void {
    removeClient(this.#state, client);
  }

  /**
   * 0, or the status a client's request (in the form clients send it) is refused with on any node,
   * before it is replicated and before rights are looked at.
   */
  admissionStatus(operation: number, body: Uint8Array): number {
    return checkClientRequest(this.#state, operation, body);
  }

  /** What happened to partitions since the last call, in order. */
  takeChanges(): readonly PartitionChange[] {
    return this.#state.takeChanges();
  }

  user(id: number): UserAccount | undefined {
    return this.#state.users.get(id);
  }

  userByName(name: string): UserAccount | undefined {
    return this.#state.users.named(name);
  }

  /** @param hash 64 lower-case hexadecimal digits */
  tokenByHash(hash: string): TokenAccount | undefined {
    const token = this.#state.users.tokenByHash(hash);
    return token === undefined ? undefined : tokenAccountOf(token);
  }

  /** Number of tokens a user has, expired ones that were not cleaned yet included. */
  tokenCount(userId: number): number {
    return this.#state.users.get(userId)?.tokens.size ?? 0;
  }

  /** Whether a user may, by its rights as applied here. Root has all rights. */
  isAllowed(userId: number, rule: ServingRule, scope?: AccessScope): boolean {
    return isAllowed(this.#state.users.get(userId)?.grants, servingRules[rule], scope);
  }

  /**
   * Answers a read of metadata (codes 13, 31, 32, 41, 200, 201, 300, 301, 600, 601, 606): rights,
   * then the reply. `undefined` = a code that is not answered here.
   */
  read(query: ReadQuery): ReadReply | undefined {
    return answerRead(this.#state, query);
  }

  /** Groups a client is a member of, by stream, topic and group id. */
  memberships(client: bigint): readonly Membership[] {
    return this.#state.memberships
      .groupsOf(client)
      .map(({ streamId, topicId, id }) => ({ stream: streamId, topic: topicId, group: id }))
      .sort((a, b) => a.stream - b.stream || a.topic - b.topic || a.group - b.group);
  }

  /** Sums for get_stats. */
  totals(): MetadataTotals {
    return totalsOf(this.#state);
  }

  hasStream(stream: Identifier): boolean {
    return this.#state.streams.find(stream) !== undefined;
  }

  topic(stream: Identifier, topic: Identifier): TopicPartitions | undefined {
    const found = this.#state.streams.find(stream)?.topic(topic);
    return found === undefined ? undefined : topicPartitionsOf(found);
  }

  /** Whether a group was deleted: its id was given, never to be given again, and it is not there. */
  wasGroupDeleted(stream: number, topic: number, group: number): boolean {
    const found = this.#state.streams.find(stream)?.topic(topic);
    return found !== undefined && group < found.nextGroupId && found.group(group) === undefined;
  }

  group(stream: Identifier, topic: Identifier, group: Identifier): GroupAccess | undefined {
    const found = this.#state.streams.find(stream)?.topic(topic);
    const inside = found?.group(group);
    return found === undefined || inside === undefined ? undefined : groupAccessOf(found, inside);
  }

  /** One committed partition by its ids. */
  partition(stream: number, topic: number, partition: number): PartitionInfo | undefined {
    const found = this.#state.streams.find(stream)?.topic(topic);
    const inside = found?.partition(partition);
    return found === undefined || inside === undefined ? undefined : partitionInfo(found, inside);
  }

  /** Every committed partition, by ids. */
  partitions(): Iterable<PartitionInfo> {
    return allPartitions(this.#state);
  }

  /** Partitions that wait to change their owner within a group. */
  pendingRevocations(): Iterable<PendingRevocation> {
    return pendingRevocations(this.#state);
  }

  /** What the token cleaner of a caught-up primary proposes; at most 256, so repeat when full. */
  tokenCleanup(now: number): readonly HousekeepingProposal[] {
    return tokenCleanup(this.#state, now);
  }

  /**
   * A hash of the replicated state, sessions left out: equal on all replicas that applied the same
   * entries. Costs time in proportion to the state.
   */
  digest(): bigint {
    const sessions = { live: [], retired: [] };
    return xxh3(encodeMetadata(this.#state, { op: 0, timestamp: 0, sessions }));
  }

  #restore(payload: Uint8Array): CheckpointContents {
    const { state, contents } = decodeMetadata(payload);
    this.#state = state;
    for (const partition of allPartitions(state)) this.#groupIds.observe(partition.consensusGroup);
    state.changed({ kind: 'restored' });
    return contents;
  }
}

const servingRules = {
  serverInfo: accessRules.serverInfo,
  poll: accessRules.poll,
  append: accessRules.append,
} as const satisfies Record<ServingRule, AccessRule>;

function tokenAccountOf(token: Token): TokenAccount {
  const { userId, name, expiryAt } = token;
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return { userId, name, expiryAt: Number(expiryAt > limit ? limit : expiryAt) };
}
