// What real tools wrote, kept as files: the generators of the other tests must not be the only truth.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeAll, withoutInput } from '../../helpers/decoded.js';

const folder = new URL('../fixtures/', import.meta.url);
const golden = new URL('../../golden/frames.json', import.meta.url);
const frames = JSON.parse(readFileSync(golden, 'utf8')) as readonly { readonly hex: string }[];
const bytes = Buffer.from(frames.map((frame) => frame.hex).join(''), 'hex');
const expected = decodeAll(bytes).frames.map(withoutInput);

for (const name of readdirSync(folder).sort()) {
  it(`reads what ${name.replace('.txt', '').replaceAll('_', ' ')} prints`, () => {
    const { frames: found, partials, bad } = decodeAll(readFileSync(new URL(name, folder)));
    expect({ partials, bad }).toEqual({ partials: [], bad: [] });
    expect(found.map(withoutInput)).toEqual(expected);
  });
}
