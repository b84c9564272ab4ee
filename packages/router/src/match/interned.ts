/**
 * The same text in the form in which engines keep the keys of objects: one shared string whose hash is known. With any other
 * string, each use as a key has to look for that one first.
 */
export function interned(text: string): string {
  return Object.keys({ [text]: true }).join();
}
