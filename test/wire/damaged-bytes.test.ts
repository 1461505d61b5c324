import { describeDamagedBytes } from './helpers/fuzz.js';

// New bytes in every run, so that a blind spot of one seed does not stay one.
describeDamagedBytes(1500, BigInt(Date.now()));
