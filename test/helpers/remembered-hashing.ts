import { Argon2Hashing } from '../../src/platform/index.js';
import type { PasswordHashing } from '../../src/ports/index.js';

/**
 * Argon2id that is worked out once per password, and per password and hash. It is made to be slow,
 * and hundreds of clusters and logins of the tests have the same few passwords. Tests of passwords
 * and logins themselves do without this.
 */
class RememberedHashing implements PasswordHashing {
  readonly #argon = new Argon2Hashing();
  readonly #hashes = new Map<string, Promise<string>>();
  readonly #verdicts = new Map<string, Promise<boolean>>();

  hash(password: Uint8Array, done: (phc: string) => void): void {
    const work = () =>
      new Promise<string>((resolve) => {
        this.#argon.hash(password, resolve);
      });
    void once(this.#hashes, keyOf(password), work).then(done);
  }

  verify(password: Uint8Array, phc: string, done: (matches: boolean) => void): void {
    const work = () =>
      new Promise<boolean>((resolve) => {
        this.#argon.verify(password, phc, resolve);
      });
    void once(this.#verdicts, `${keyOf(password)} ${phc}`, work).then(done);
  }
}

const keyOf = (password: Uint8Array) => Buffer.from(password).toString('hex');

function once<T>(known: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const result = known.get(key) ?? work();
  known.set(key, result);
  return result;
}

/** One for all clusters of a worker; its threads end with the worker. */
export const hashing: PasswordHashing = new RememberedHashing();
