import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/cli/secrets/secret.js';
import type { SecretStore } from '../../../src/cli/secrets/secret-store.js';
import { openStore, openStoreToWrite } from '../../../src/cli/secrets/store.js';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'iggyctl-store-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const keyring: SecretStore = {
  kind: 'keyring',
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

describe('where secrets are kept', () => {
  it('is the keyring where there is one', async () => {
    expect(await openStore(state, undefined, () => keyring)).toBe(keyring);
    expect(await openStore(state, 'keyring', () => keyring)).toBe(keyring);
  });

  it('is a file of mode 0600 where there is none, and says why', async () => {
    const store = await openStore(state, undefined, () => 'it is locked');
    expect(store).toMatchObject({ kind: 'file', reason: 'it is locked' });
    await store.set('login', new Secret('hunter2'));
    expect((await store.get('login'))?.reveal()).toBe('hunter2');
    expect(statSync(join(state, 'credentials.json')).mode & 0o777).toBe(0o600);
    await store.remove('login');
    expect(await store.get('login')).toBeUndefined();
  });

  it('is proven by writing only before something new goes there', async () => {
    const asked: boolean[] = [];
    const find = (isProven: boolean) => {
      asked.push(isProven);
      return keyring;
    };
    await openStore(state, undefined, find);
    await openStore(state, 'keyring', find);
    await openStore(state, 'file', find);
    await openStoreToWrite(state, 'keyring', find);
    expect(asked).toEqual([true, false, true]);
  });

  it('is refused when only a keyring will do', async () => {
    const opened = openStore(state, 'keyring', () => 'it is locked');
    await expect(opened).rejects.toMatchObject({ code: 'E_UNSUPPORTED' });
    await expect(opened).rejects.toThrow('it is locked');
  });
});
