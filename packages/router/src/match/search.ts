import { matchShape, type Values } from "./shape.js";
import type { ShapeIndex } from "./shape-index.js";
import type { Terminal } from "./terminal.js";
import type { Branch, Node } from "./tree.js";

/** The route that a path leads to. */
export interface Found {
  readonly terminal: Terminal;
  readonly values: Values | undefined;
  /** Where in the path the match ends. Only for a mount that is before the end of the path. */
  readonly stop: number;
}

/**
 * The view whose pattern is exactly `path`. No earlier route takes that path, because then this one would have been refused.
 */
export function findLiteral(root: Node, path: string): Terminal | undefined {
  return root.ends.get(path, 0, path.length);
}

/**
 * Finds the route declared first among those that match `path`, where the path is not exactly the pattern of one. It visits
 * each node of the tree at most once, and tries no parameter all of whose routes were declared after one that was found
 * already.
 */
export function findRoute(root: Node, path: string): Found | undefined {
  return follow(root, path, 0, undefined, undefined);
}

// Each of these functions continues from `at` in the path, which is a "/" or the end, with the values so far. It returns
// what it found, or `best` where it found nothing that was declared earlier.

function follow(
  node: Node,
  path: string,
  at: number,
  values: Values | undefined,
  best: Found | undefined,
): Found | undefined {
  let found = best;
  let depth = 0;
  let stop = at;
  for (let run = node.next; run !== undefined; run = run.next) {
    for (; depth < run.depth; depth += 1) {
      if (stop === path.length) return found;
      stop = segmentEnd(path, stop);
    }
    const branch = run.branches.get(path, at, stop);
    if (branch !== undefined && isBefore(branch.lowest, found))
      found = followBranch(branch, path, stop, values, found);
  }
  return found;
}

function followBranch(
  { mount, shapes, tails }: Branch,
  path: string,
  at: number,
  values: Values | undefined,
  best: Found | undefined,
): Found | undefined {
  let found = best;
  if (mount !== undefined && isBefore(mount.number, found)) found = { terminal: mount, values, stop: at };
  if (at === path.length) return found;
  if (shapes !== undefined) found = enter(shapes, path, at, segmentEnd(path, at), values, found);
  return tails === undefined ? found : enter(tails, path, at, path.length, values, found);
}

/** Continues with the segment after the "/" at `at`, which ends at `stop`. */
function enter(
  shapes: ShapeIndex<Node>,
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
    const terminal = target.ends.get(path, stop, path.length);
    if (terminal !== undefined && isBefore(terminal.number, found))
      found = { terminal, values: more, stop: path.length };
    if (isBefore(target.lowest, found)) found = follow(target, path, stop, more, found);
  }
  return found;
}

/** The end of the segment after the "/" at `at`. */
function segmentEnd(path: string, at: number): number {
  const slash = path.indexOf("/", at + 1);
  return slash === -1 ? path.length : slash;
}

function isBefore(route: number, found: Found | undefined): boolean {
  return found === undefined || route < found.terminal.number;
}
