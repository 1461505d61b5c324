import { describeInputFuzz } from './helpers/fuzz-inputs.js';

// New bytes in every run, so that a blind spot of one seed does not stay one.
describeInputFuzz(60, BigInt(Date.now()));
