import { describeInputFuzz } from './helpers/fuzz-inputs.js';

// The same bytes in every run; `npm run fuzz` draws new ones.
describeInputFuzz(60, 1_795_407_197_578n);
