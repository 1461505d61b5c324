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

/** What the server reads of the locally applied metadata. */
export interface MetadataView {
  user(id: number): UserView | undefined;
  userByName(name: string): UserView | undefined;
  /** @param hash 64 lower-case hexadecimal digits */
  tokenByHash(hash: string): TokenView | undefined;
}
