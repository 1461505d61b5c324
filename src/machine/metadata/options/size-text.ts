const decimal = ['', 'k', 'm', 'g', 't', 'p'];

/** Bytes of each unit: K, M, G count in thousands, Ki, Mi, Gi in 1,024s. */
const units: ReadonlyMap<string, bigint> = new Map(
  decimal.flatMap((prefix, power) => {
    const thousands = 1_000n ** BigInt(power);
    const binary = 1_024n ** BigInt(power);
    if (prefix === '') return [['', 1n] as const, ['b', 1n] as const];
    return [
      [prefix, thousands] as const,
      [`${prefix}b`, thousands] as const,
      [`${prefix}i`, binary] as const,
      [`${prefix}ib`, binary] as const,
    ];
  }),
);

const shape = /^\s*(\d{1,20})(?:\.(\d{1,9}))?\s*([A-Za-z]{0,3})\s*$/;

/** Bytes of a size for people, such as `128 MiB`, `1.5GB` or plain digits; else `undefined`. */
export function parseSizeText(text: string): bigint | undefined {
  const found = shape.exec(text);
  if (found === null) return undefined;
  const unit = units.get((found[3] ?? '').toLowerCase());
  if (unit === undefined) return undefined;
  const fraction = found[2] ?? '';
  const scaled = BigInt(`${found[1] ?? ''}${fraction}`) * unit;
  return scaled / 10n ** BigInt(fraction.length);
}
