/** Path of a file in a directory; the empty name is the root. */
export function inside(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
