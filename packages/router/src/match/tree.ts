import type { Route } from "../route/route.js";
import { interned } from "./interned.js";
import type { Segment } from "./segment.js";
import { ShapeIndex } from "./shape-index.js";
import { Terminal } from "./terminal.js";
import { TextMap } from "./text-map.js";

/**
 * A node of the tree: its root, or what follows a segment with parameters. The literal text from here to the next parameter
 * is one step, whatever the number of its segments.
 */
export class Node {
  /** The number of the first route that passes or ends here. Routes are numbered in the order of their declaration. */
  readonly lowest: number;
  /** Views by the rest of their pattern, which is literal. */
  readonly ends: TextMap<Terminal> = new TextMap();
  /** What continues from here after a literal text; the shortest text, by its segments, comes first. */
  next: LiteralRun | undefined;

  constructor(lowest: number) {
    this.lowest = lowest;
  }
}

/** Branches by the literal text before them. All of these texts have the same number of segments. */
export interface LiteralRun {
  readonly depth: number;
  readonly branches: TextMap<Branch>;
  /** The branches after texts with more segments. */
  next: LiteralRun | undefined;
}

/** The end of a literal text such as `/a/b`, where a mount or a segment with parameters follows. */
export class Branch {
  readonly text: string;
  /** The number of the first route that passes here. */
  readonly lowest: number;
  /** The application that gets every path from here on. */
  mount: Terminal | undefined;
  /** The nodes behind segments with parameters. */
  shapes: ShapeIndex<Node> | undefined;
  /** The nodes behind a `path` parameter that takes the rest from here. Views end there, and nothing continues. */
  tails: ShapeIndex<Node> | undefined;

  constructor(text: string, lowest: number) {
    this.text = text;
    this.lowest = lowest;
  }
}

/** Adds a route. Its number is higher than those of all earlier routes. */
export function insertRoute(root: Node, segments: readonly Segment[], route: Route, number: number): void {
  let node = root;
  let literals: string[] = [];
  for (const { shape, isCatchAll } of segments) {
    if (typeof shape === "string") {
      literals.push(shape);
      continue;
    }
    const branch = branchAt(node, literals, number);
    literals = [];
    const kind = isCatchAll ? "tails" : "shapes";
    branch[kind] ??= new ShapeIndex();
    node = branch[kind].getOrAdd(shape, () => new Node(number));
  }
  if (route.kind === "view") node.ends.add(new Terminal(number, route, textOf(literals)));
  else branchAt(node, literals, number).mount = new Terminal(number, route, "");
}

function branchAt(node: Node, literals: readonly string[], number: number): Branch {
  const text = textOf(literals);
  const { branches } = runAt(node, literals.length);
  let branch = branches.get(text, 0, text.length);
  if (branch === undefined) {
    branch = new Branch(text, number);
    branches.add(branch);
  }
  return branch;
}

function runAt(node: Node, depth: number): LiteralRun {
  let before: Node | LiteralRun = node;
  while (before.next !== undefined && before.next.depth < depth) before = before.next;
  if (before.next?.depth === depth) return before.next;
  before.next = { depth, branches: new TextMap(), next: before.next };
  return before.next;
}

/** The segments as one text, each after a "/". */
function textOf(literals: readonly string[]): string {
  return interned(["", ...literals].join("/"));
}
