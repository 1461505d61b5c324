// Sets of replicas as the bits of a number: one is made for every entry that is acknowledged.

/** How many replicas there are in a set. */
export function countOf(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** The replicas of a set, in order. */
export function membersOf(set: number): readonly number[] {
  const members: number[] = [];
  for (let index = 0; index < 32; index++) if ((set & (1 << index)) !== 0) members.push(index);
  return members;
}
