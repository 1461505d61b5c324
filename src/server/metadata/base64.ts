const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard Base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const second = bytes[i + 1];
    const third = bytes[i + 2];
    const word = ((bytes[i] ?? 0) << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += alphabet.charAt(word >> 18) + alphabet.charAt((word >> 12) & 63);
    text += second === undefined ? '=' : alphabet.charAt((word >> 6) & 63);
    text += third === undefined ? '=' : alphabet.charAt(word & 63);
  }
  return text;
}
