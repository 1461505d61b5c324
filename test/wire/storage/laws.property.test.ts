import {
  type Codec,
  indexFile,
  journalFrame,
  offsetFile,
  partitionMarkFile,
  purgeGenerationFile,
  segmentFile,
  snapshotClientTable,
  snapshotRetired,
  snapshotRings,
} from '../../../src/wire/index.js';
import { describeLaws } from '../helpers/codec-laws.js';

const codecs: Readonly<Record<string, Codec<unknown>>> = {
  indexFile,
  journalFrame,
  offsetFile,
  partitionMarkFile,
  purgeGenerationFile,
  segmentFile,
  snapshotClientTable,
  snapshotRetired,
  snapshotRings,
};

for (const [name, codec] of Object.entries(codecs)) describeLaws(name, codec);
