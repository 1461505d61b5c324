/** Cuts a stream of bytes at a delimiter; the last record may be without one. */
export async function* splitRecords(
  input: AsyncIterable<Uint8Array | string>,
  delimiter: Uint8Array,
): AsyncGenerator<Buffer, void, undefined> {
  const isLines = delimiter.length === 1 && delimiter[0] === 0x0a;
  const finish = (record: Buffer) =>
    isLines && record.at(-1) === 0x0d ? record.subarray(0, -1) : record;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let from = 0;
    for (;;) {
      const at = rest.indexOf(delimiter, from);
      if (at < 0) break;
      yield finish(rest.subarray(from, at));
      from = at + delimiter.length;
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) yield finish(rest);
}
