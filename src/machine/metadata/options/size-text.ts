const prefixes = ['k', 'm', 'g', 't', 'p', 'e'];

/** Most digits a number may have; more cannot be represented. */
const digitsMax = 28;
const bytesMax = 2n ** 64n - 1n;

const number = /^(\d+)(?:\.(\d+))? *(.*)$/s;
const unitShape = /^([kmgtpe](i?)|)(b|B|)((?:its?)?)$/i;

/** Bits of one unit, or `undefined`: `B` means bytes, `b` bits and no letter bytes. */
function bitsOfUnit(unit: string): bigint | undefined {
  const found = unitShape.exec(unit);
  if (found === null) return undefined;
  const [prefix = '', binary = '', base = '', rest = ''] = found.slice(1);
  if (rest !== '' && base === '') return undefined;
  const bits = base === 'b' || rest !== '' ? 1n : 8n;
  const power = prefixes.indexOf(prefix.charAt(0).toLowerCase()) + 1;
  if (prefix === '') return bits;
  return bits * (binary === '' ? 1_000n : 1_024n) ** BigInt(power);
}

/**
 * Bytes of a size for people, such as `128 MiB`, `1.5GB` or plain digits, rounded up; else
 * `undefined`. A small `b` counts bits, as in `16 Mb` or `16 Mbit`.
 */
export function parseSizeText(text: string): bigint | undefined {
  const found = number.exec(text.trim());
  const [whole = '', fraction = '', unit = ''] = found?.slice(1) ?? [];
  const bits = bitsOfUnit(unit);
  if (whole === '' || bits === undefined) return undefined;
  if (whole.replace(/^0+/, '').length + fraction.length > digitsMax) return undefined;
  const divisor = 8n * 10n ** BigInt(fraction.length);
  const bytes = (BigInt(whole + fraction) * bits + divisor - 1n) / divisor;
  return bytes > bytesMax ? undefined : bytes;
}
