/** Names a stream, topic, user or group: a number is its id, a string is its name. */
export type Name = number | string;

/** An account as the server sees it. */
export interface UserView {
  readonly id: number;
  readonly username: string;
  /** PHC string. */
  readonly passwordHash: string;
  readonly isActive: boolean;
}

/** A personal access token found by its hash. */
export interface TokenView {
  readonly userId: number;
  readonly name: string;
  /** Microseconds since 1970; 0 = never. */
  readonly expiryAt: number;
}

/** A read after the connection's login was checked. */
export interface ReadQuery {
  /** Command code, such as 200 for get_stream. */
  readonly code: number;
  /** User and client id of the connection's session. */
  readonly userId: number;
  readonly client: bigint;
  readonly body: Uint8Array;
}

/** Answer to a read: a body, or a status with an empty body. */
export type ReadReply =
  | { readonly status: 0; readonly body: Uint8Array }
  | { readonly status: number; readonly body?: undefined };

/** One consumer group a client is a member of. */
export interface MembershipView {
  readonly stream: number;
  readonly topic: number;
  readonly group: number;
}

/** Figures of get_stats that come from the metadata. */
export interface TotalsView {
  readonly streams: number;
  readonly topics: number;
  readonly partitions: number;
  readonly segments: number;
  readonly messages: number;
  readonly sizeBytes: number;
  readonly consumerGroups: number;
}

/** A topic whose partitions a request is about. */
export interface TopicView {
  readonly stream: number;
  readonly topic: number;
  /** Tells a topic from one that had its ids before. */
  readonly createdAt: number;
  /** Partition ids, ascending. */
  readonly partitions: readonly number[];
}

/** A consumer group as partition requests see it. */
export interface GroupView extends TopicView {
  readonly group: number;
  /** Whether any member owns the partition. */
  isOwned(partition: number): boolean;
  /** Whether this client owns the partition; one about to move still counts. */
  owns(client: bigint, partition: number): boolean;
  /** Whether this client may poll the partition; one about to move does not count. */
  polls(client: bigint, partition: number): boolean;
}

/** A partition that waits to change its owner within a group. */
export interface RevocationView extends MembershipView {
  readonly partition: number;
  readonly sourceClient: bigint;
  /** Replicated time of the join that caused it, microseconds. */
  readonly createdAt: number;
}

/** An operation the metadata primary proposes on its own. */
export interface HousekeepingView {
  readonly operation: number;
  readonly client: bigint;
  readonly body: Uint8Array;
}

/** Rules that are not decided when an operation commits, but here. */
export type AccessRule = 'serverInfo' | 'poll' | 'append';

/** What the server reads of the locally applied metadata. */
export interface MetadataView {
  user(id: number): UserView | undefined;
  userByName(name: string): UserView | undefined;
  /** @param hash 64 lower-case hexadecimal digits */
  tokenByHash(hash: string): TokenView | undefined;
  /** Tokens of a user, expired ones included. */
  tokenCount(userId: number): number;
  /** Groups a client is a member of. */
  memberships(client: bigint): readonly MembershipView[];
  totals(): TotalsView;
  topic(stream: Name, topic: Name): TopicView | undefined;
  group(stream: Name, topic: Name, group: Name): GroupView | undefined;
  /** Whether a stream is there; tells which not-found code a missing topic deserves. */
  hasStream(stream: Name): boolean;
  isAllowed(
    userId: number,
    rule: AccessRule,
    scope?: { readonly stream: number; readonly topic: number },
  ): boolean;
  /** Answers a read, permission included; `undefined` for a code it does not serve. */
  read(query: ReadQuery): ReadReply | undefined;
  /** Deletions of tokens that expired by `now` (microseconds), at most 256. */
  tokenCleanup(now: number): readonly HousekeepingView[];
  pendingRevocations(): Iterable<RevocationView>;
  /** Status a client's request is denied with before it is replicated, or 0. */
  admissionStatus(operation: number, body: Uint8Array): number;
}
