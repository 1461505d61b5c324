/** A number with its noun, which has an s unless it is one: `1 topic`, `2 topics`. */
export function counted(count: number | bigint, noun: string): string {
  return `${count} ${noun}${Number(count) === 1 ? '' : 's'}`;
}
