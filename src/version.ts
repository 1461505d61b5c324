/** Version of this package; equal to `version` in package.json (held by test/tidy.test.ts). */
export const version = '0.1.0';
