import type { Leaf } from "./leaf.js";
import { matchShape, type Values } from "./shape.js";
import type { ShapeIndex } from "./shape-index.js";
import type { Fork, Place } from "./tree.js";

/** The route that a path arrives at. */
export interface Found {
  readonly leaf: Leaf;
  readonly values: Values | undefined;
  /** Where in the path the match ends: before its end only for a mount. */
  readonly stop: number;
}

/** The view whose pattern is `path`. No route before it takes that path, or it would have been refused. */
export function findLiteral(root: Place, path: string): Leaf | undefined {
  return root.ends.get(path, 0, path.length);
}

/**
 * Finds the route declared first among those that take `path`, where it is not literally one's pattern. Visits
 * each place of the tree at most once, and tries no parameter whose every route was declared after one that was
 * found already.
 */
export function findRoute(root: Place, path: string): Found | undefined {
  return follow(root, path, 0, undefined, undefined);
}

// Each of these goes on from `at` in the path, at a "/" or at its end, with the values so far, and gives what it
// found: `best`, where there is nothing that was declared before.

function follow(
  place: Place,
  path: string,
  at: number,
  values: Values | undefined,
  best: Found | undefined,
): Found | undefined {
  let found = best;
  let depth = 0;
  let stop = at;
  for (let run = place.next; run !== undefined; run = run.next) {
    for (; depth < run.depth; depth += 1) {
      if (stop === path.length) return found;
      stop = segmentEnd(path, stop);
    }
    const fork = run.forks.get(path, at, stop);
    if (fork !== undefined && isBefore(fork.lowest, found)) found = branch(fork, path, stop, values, found);
  }
  return found;
}

function branch(
  { mount, shapes, tails }: Fork,
  path: string,
  at: number,
  values: Values | undefined,
  best: Found | undefined,
): Found | undefined {
  let found = best;
  if (mount !== undefined && isBefore(mount.number, found)) found = { leaf: mount, values, stop: at };
  if (at === path.length) return found;
  if (shapes !== undefined) found = enter(shapes, path, at, segmentEnd(path, at), values, found);
  return tails === undefined ? found : enter(tails, path, at, path.length, values, found);
}

/** By what stands after the "/" at `at` up to `stop`. */
function enter(
  shapes: ShapeIndex<Place>,
  path: string,
  at: number,
  stop: number,
  values: Values | undefined,
  best: Found | undefined,
): Found | undefined {
  let found = best;
  for (const { shape, target } of shapes.candidates(path, at + 1, stop)) {
    if (!isBefore(target.lowest, found)) continue;
    const more = matchShape(shape, path, at + 1, stop, values);
    if (more === undefined) continue;
    const leaf = target.ends.get(path, stop, path.length);
    if (leaf !== undefined && isBefore(leaf.number, found)) found = { leaf, values: more, stop: path.length };
    if (isBefore(target.lowest, found)) found = follow(target, path, stop, more, found);
  }
  return found;
}

/** Where the segment after the "/" at `at` ends. */
function segmentEnd(path: string, at: number): number {
  const slash = path.indexOf("/", at + 1);
  return slash === -1 ? path.length : slash;
}

function isBefore(route: number, found: Found | undefined): boolean {
  return found === undefined || route < found.leaf.number;
}
