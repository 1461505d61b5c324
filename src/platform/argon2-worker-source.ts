/**
 * Program of a hashing thread, as text. It is started from text because it has to run from the
 * sources, from the compiled SDK and from the bundle alike, where a file of its own would sit in
 * three different places, once in a language the thread cannot load.
 */
export const argon2WorkerSource = `
const { parentPort, workerData } = require('node:worker_threads');
const { randomBytes } = require('node:crypto');
const { argon2id, argon2Verify } = require(workerData.library);
// The library refuses the empty password. What stands in for it is longer than any password can be.
const standIn = Buffer.alloc(256);
parentPort.on('message', async ({ id, password: given, phc }) => {
  const password = given.length === 0 ? standIn : given;
  try {
    const result = phc === undefined
      ? await argon2id({
          password,
          salt: randomBytes(16),
          memorySize: 19456,
          iterations: 2,
          parallelism: 1,
          hashLength: 32,
          outputType: 'encoded',
        })
      : await argon2Verify({ password, hash: phc }).catch(() => false);
    parentPort.postMessage({ id, result });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error) });
  }
});
`;
