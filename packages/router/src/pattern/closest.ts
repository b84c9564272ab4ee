/**
 * How many single characters have to be inserted, removed, replaced or exchanged with their neighbour to turn `a` into `b`.
 * Source: optimal string alignment (Damerau 1964).
 */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const least = Math.min(
        Number(last[column]) + 1,
        Number(current[column - 1]) + 1,
        Number(last[column - 1]) + (isSame ? 0 : 1),
      );
      const isExchanged =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(isExchanged ? Math.min(least, Number(beforeLast[column - 2]) + 1) : least);
    }
    [beforeLast, last] = [last, current];
  }
  return Number(last[b.length]);
}

/** The name that `typed` was probably meant to be, as a question to append to an error; `""` where no name is similar. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const short = typed.slice(0, 64).toLowerCase();
  const near = names
    .map((name) => ({ name, far: distance(short, name.slice(0, 64).toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.floor(Math.max(short.length, name.length) / 2)))
    .sort((a, b) => a.far - b.far);
  // "number" is similar to no name, but it is a synonym of one.
  const name = near[0]?.name ?? names.find((each) => each === synonyms.get(short));
  return name === undefined ? "" : `; did you mean ${JSON.stringify(name)}?`;
}

/** The names of our converters in other routers and languages. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["integer", "int"],
  ["number", "int"],
  ["string", "str"],
  ["text", "str"],
  ["guid", "uuid"],
  ["any", "path"],
  ["rest", "path"],
]);
