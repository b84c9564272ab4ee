import { remainderOf, type Segment } from "./segment.js";
import { covers, matchShape, type Shape } from "./shape.js";
import type { ShapeEntry, ShapeIndex } from "./shape-index.js";
import type { Terminal } from "./terminal.js";
import type { TextMap } from "./text-map.js";
import type { Branch, Node } from "./tree.js";

/**
 * A route in the tree that takes every path of the pattern `segments`. With `open` the pattern is a mount, and every path
 * below it counts as well. It visits only nodes at which such a route may be.
 */
export function shadowingRoute(
  node: Node,
  segments: readonly Segment[],
  open: boolean,
): Terminal | undefined {
  let text = "";
  for (let depth = 0; depth <= segments.length; depth += 1) {
    const branch = branchesAt(node, depth)?.get(text, 0, text.length);
    const found = branch && shadowingAt(branch, segments.slice(depth), open);
    if (found !== undefined) return found;
    const next = segments[depth]?.shape ?? "";
    if (typeof next !== "string") return undefined;
    if (depth < segments.length) text += `/${next}`;
  }
  return open ? undefined : node.ends.get(text, 0, text.length);
}

function branchesAt({ next }: Node, depth: number): TextMap<Branch> | undefined {
  let run = next;
  while (run !== undefined && run.depth < depth) run = run.next;
  return run?.depth === depth ? run.branches : undefined;
}

function shadowingAt(branch: Branch, segments: readonly Segment[], open: boolean): Terminal | undefined {
  if (branch.mount !== undefined) return branch.mount;
  const [first, ...rest] = segments;
  if (first === undefined) return undefined;
  // What follows a mount may end in anything.
  const tail = taking(branch.tails, remainderOf(segments)).find(({ shape }) => !open || shape.suffix === "");
  if (tail !== undefined || first.isCatchAll) return tail?.target.ends.get("", 0, 0);
  for (const { target } of taking(branch.shapes, first.shape)) {
    const found = shadowingRoute(target, rest, open);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The entries that accept every text of `later`. */
function taking<Target>(
  index: ShapeIndex<Target> | undefined,
  later: Shape | string,
): readonly ShapeEntry<Target>[] {
  if (index === undefined) return [];
  // Only the two ends of a shape are known. Put together they find all entries that match either end, which is sufficient.
  const text = typeof later === "string" ? later : later.prefix + later.suffix;
  return index.candidates(text, 0, text.length).filter(({ shape }) => {
    return typeof later === "string"
      ? matchShape(shape, later, 0, later.length) !== undefined
      : covers(shape, later);
  });
}
