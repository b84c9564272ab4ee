/**
 * How many letters have to be inserted, removed, replaced or exchanged with their neighbour to turn one word into another.
 */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const best = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
      );
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(isSwapped ? Math.min(best, at(before, column - 2) + 1) : best);
    }
    [before, last] = [last, current];
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return Number(row[column]);
}

/** The known name that is most similar to a misspelt one; `undefined` where none is similar. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let found: string | undefined;
  // With more than a third of its letters wrong it is another word.
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const each of known) {
    const letters = distance(name.slice(0, 64), each);
    if (letters < least) [found, least] = [each, letters];
  }
  return found;
}
