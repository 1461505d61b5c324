import { expect } from 'vitest';

/** A body, and how it has to be answered. */
export type Row = readonly [label: string, body: Buffer, said: string];

/** Asks for every row, and compares all answers at once. */
export async function answers(
  rows: readonly Row[],
  ask: (body: Buffer) => Promise<string>,
): Promise<void> {
  const said: string[] = [];
  for (const [label, body] of rows) said.push(`${label}: ${await ask(body)}`);
  expect(said).toEqual(rows.map(([label, , expected]) => `${label}: ${expected}`));
}
