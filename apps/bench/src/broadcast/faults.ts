/** What went wrong with messages on their way to members. */
export interface Faults {
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
}

export function sumOf(all: Iterable<Faults>): Faults {
  let [lost, duplicated, reordered] = [0, 0, 0];
  for (const each of all) {
    lost += each.lost;
    duplicated += each.duplicated;
    reordered += each.reordered;
  }
  return { lost, duplicated, reordered };
}

export function isFaultless({ lost, duplicated, reordered }: Faults): boolean {
  return lost + duplicated + reordered === 0;
}
