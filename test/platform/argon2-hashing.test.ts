import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { Argon2Hashing } from '../../src/platform/index.js';

const text = (value: string) => new TextEncoder().encode(value);

describe('Argon2Hashing', () => {
  const hashing = new Argon2Hashing(2);
  afterAll(() => hashing.close());
  const hash = (password: string) =>
    new Promise<string>((resolve) => hashing.hash(text(password), resolve));
  const verify = (password: string, phc: string) =>
    new Promise<boolean>((resolve) => hashing.verify(text(password), phc, resolve));

  it("hashes at the protocol's parameters with a fresh salt", async () => {
    const [a, b] = await Promise.all([hash('iggy'), hash('iggy')]);

    expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(a).not.toBe(b);
  });

  it('tells the right password from a wrong one', async () => {
    const phc = await hash('secret');

    expect(await Promise.all([verify('secret', phc), verify('Secret', phc)])).toEqual([
      true,
      false,
    ]);
  });

  it('verifies a hash made elsewhere', async () => {
    const phc =
      '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$qrIiQEB76C7MaPNmNpLLMNit9WTl+hKeIzYle8YxqUw';

    expect(await verify('iggy', phc)).toBe(true);
  });

  it('counts an unparsable hash as a mismatch', async () => {
    const tries = ['', 'nonsense', '$argon2id$v=19$m=1,t=0,p=9$AA$BB', '$argon2id$$$$'];

    expect(await Promise.all(tries.map((phc) => verify('iggy', phc)))).toEqual(
      tries.map(() => false),
    );
  });

  it('hashes and verifies the empty password like any other', async () => {
    const phc = await hash('');

    expect(phc).toMatch(/^\$argon2id\$/);
    expect(await Promise.all([verify('', phc), verify('\u0000', phc)])).toEqual([true, false]);
  });

  it('leaves the event loop free while more jobs wait than it has threads', async () => {
    let [turns, isOver] = [0, false];
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    count();

    await Promise.all(Array.from({ length: 6 }, () => hash('busy')));
    isOver = true;

    // A hash takes thousands of turns; were it done here, the loop would turn a few times per hash.
    expect(turns).toBeGreaterThan(200);
  });

  it('does not keep the process alive', async () => {
    const library = new URL('../../node_modules/hash-wasm/dist/argon2.umd.min.js', import.meta.url);
    const { argon2WorkerSource } = await import('../../src/platform/argon2-worker-source.js');
    const program = `
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(argon2WorkerSource)}, {
        eval: true, workerData: { library: ${JSON.stringify(library.pathname)} } });
      worker.unref();
      worker.postMessage({ id: 1, password: new Uint8Array(4) });
      worker.once('online', () => undefined);`;
    const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore' });

    const [code] = await once(child, 'exit');

    expect(code).toBe(0);
  });
});
