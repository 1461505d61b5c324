import type { AdmissionInput, AdmissionResult, ApplyResult, LogEntry } from '../log-entry.js';
import { allGrants } from './access/grants.js';
import { type AccessScope, accessRules, isAllowed } from './access/rules.js';
import { admitMetadata } from './admission/admit.js';
import { GroupIdAllocator } from './admission/group-id-allocator.js';
import { checkClientRequest } from './admission/static-checks.js';
import { applyEntry } from './apply/apply-entry.js';
import { removeClient } from './apply/group-operations.js';
import type { PartitionChange, ReadReply, TokenAccount, UserAccount } from './metadata-face.js';
import { answerRead } from './reads/answer-read.js';
import type { ReadQuery } from './reads/read-query.js';
import { MetadataState } from './state/metadata-state.js';
import { rootUserId, type Token, User } from './state/user-table.js';

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

/** Names of the access rules. */
export type AccessRuleName = keyof typeof accessRules;

/**
 * The replicated metadata: users, tokens, streams, topics, partitions, consumer groups. A function
 * of the log: equal entries give equal states and equal reply bytes.
 * @source Iggy metadata state machine
 */
export class MetadataMachine {
  readonly #groupIds = new GroupIdAllocator();
  #state = new MetadataState();

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
    return applyEntry(this.#state, entry);
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
  isAllowed(userId: number, rule: AccessRuleName, scope?: AccessScope): boolean {
    return isAllowed(this.#state.users.get(userId)?.grants, accessRules[rule], scope);
  }

  /**
   * Answers a read of metadata (codes 13, 31, 32, 41, 200, 201, 300, 301, 600, 601, 606): rights,
   * then the reply. `undefined` = a code that is not answered here.
   */
  read(query: ReadQuery): ReadReply | undefined {
    return answerRead(this.#state, query);
  }
}

function tokenAccountOf(token: Token): TokenAccount {
  const { userId, name, expiryAt } = token;
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return { userId, name, expiryAt: Number(expiryAt > limit ? limit : expiryAt) };
}
