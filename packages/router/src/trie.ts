import type { Segment } from "./segment.js";
import { ShapeIndex } from "./shape-index.js";

/** Stands for no route where the number of a route is kept: it is after every route. */
export const none: number = Number.POSITIVE_INFINITY;

/** A place in the tree of segments. Routes are numbered as they were declared. */
export class TrieNode {
  /** The first route that goes through here or ends here. */
  readonly lowest: number;
  /** By a segment that is literal text. */
  readonly literals: Map<string, TrieNode> = new Map();
  /** By a segment with parameters. */
  readonly shapes: ShapeIndex<TrieNode> = new ShapeIndex();
  /** Routes whose `path` parameter takes the rest from here. */
  readonly tails: ShapeIndex<number> = new ShapeIndex();
  /** The view at which a path that ends here arrives. */
  end: number = none;
  /** The application that has every path from here. */
  mount: number = none;

  constructor(lowest: number) {
    this.lowest = lowest;
  }
}

/** Adds a route, whose number is higher than that of every route before. */
export function insertRoute(
  root: TrieNode,
  segments: readonly Segment[],
  route: number,
  kind: "view" | "mount",
): void {
  let node = root;
  for (const { shape, spans } of segments) {
    if (typeof shape === "string") node = literalChild(node, shape, route);
    else if (!spans) node = node.shapes.getOrAdd(shape, () => new TrieNode(route));
    else {
      node.tails.getOrAdd(shape, () => route);
      return;
    }
  }
  if (kind === "mount") node.mount = route;
  else node.end = route;
}

function literalChild(node: TrieNode, text: string, route: number): TrieNode {
  let child = node.literals.get(text);
  if (child === undefined) {
    child = new TrieNode(route);
    node.literals.set(text, child);
  }
  return child;
}
