import { codec, prepareHeader } from '../../wire/index.js';

/**
 * The body of a view-change frame: prepare headers from the head of the log downwards. An entry
 * that its sender does not hold has an op and zeros.
 * @source Iggy consensus protocol, view-change bodies
 */
export const suffixCodec = codec.struct('Suffix', {
  headers: codec.field(codec.restOf(prepareHeader), 'Prepare headers, the head of the log first.'),
});
