/** How many letters have to be put in, left out, exchanged or swapped with their neighbour to make one word of another. */
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

/** The known name that is most like a misspelt one; `undefined` where none is like it. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let found: string | undefined;
  // More than a third of wrong letters is another word.
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const each of known) {
    const letters = distance(name.slice(0, 64), each);
    if (letters < least) [found, least] = [each, letters];
  }
  return found;
}
