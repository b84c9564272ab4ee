/**
 * The same text as engines keep the keys of objects: one string for all that are alike, whose hash is known. With
 * another one, every use as a key has to look for it.
 */
export function interned(text: string): string {
  return Object.keys({ [text]: true }).join();
}
