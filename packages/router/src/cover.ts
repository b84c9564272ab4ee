import { remainderOf, type Segment } from "./segment.js";
import { covers, matchShape, type Shape } from "./shape.js";
import { none, type TrieNode } from "./trie.js";

/**
 * The number of a route in the tree that takes every path of the pattern `segments`, or `none`. With `open`
 * the pattern is a mount: every path under it counts too. Goes only where such a route may be.
 */
export function coveringRoute(node: TrieNode, segments: readonly Segment[], open: boolean): number {
  if (node.mount !== none) return node.mount;
  const [first, ...rest] = segments;
  if (first === undefined) return open ? none : node.end;
  const tail = coveringTail(node, remainderOf(segments), open);
  if (tail !== none || first.spans) return tail;
  for (const child of coveringChildren(node, first.shape)) {
    const found = coveringRoute(child, rest, open);
    if (found !== none) return found;
  }
  return none;
}

function takes(earlier: Shape, later: Shape | string): boolean {
  return typeof later === "string" ? matchShape(earlier, later) !== undefined : covers(earlier, later);
}

/** The literals that a text begins and ends with. */
function ends(later: Shape | string): [head: string, tail: string] {
  return typeof later === "string" ? [later, later] : [later.prefix, later.suffix];
}

function coveringTail(node: TrieNode, remainder: Shape | string, open: boolean): number {
  for (const { shape, target } of node.tails.candidates(...ends(remainder))) {
    // What follows a mount may end in anything.
    if ((!open || shape.suffix === "") && takes(shape, remainder)) return target;
  }
  return none;
}

function* coveringChildren(node: TrieNode, later: Shape | string): Generator<TrieNode> {
  const literal = typeof later === "string" ? node.literals.get(later) : undefined;
  if (literal !== undefined) yield literal;
  for (const { shape, target } of node.shapes.candidates(...ends(later))) {
    if (takes(shape, later)) yield target;
  }
}
