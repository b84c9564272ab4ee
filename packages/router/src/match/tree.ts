import type { Route } from "../route/route.js";
import { interned } from "./interned.js";
import type { Segment } from "./segment.js";
import { ShapeIndex } from "./shape-index.js";
import { Terminal } from "./terminal.js";
import { TextMap } from "./text-map.js";

/**
 * A node of the tree: its root, or what follows a segment with parameters. The literal text from here to the next
 * parameter is one step, however many segments it has.
 */
export class Node {
  /** The first route that goes through here or ends here. Routes are numbered as they were declared. */
  readonly lowest: number;
  /** Views, by the text that is left of their pattern. */
  readonly ends: TextMap<Terminal> = new TextMap();
  /** What else goes on from here, after a literal text of the fewest segments. */
  next: LiteralRun | undefined;

  constructor(lowest: number) {
    this.lowest = lowest;
  }
}

/** Branches by the literal text before them; all these texts have the same number of segments. */
export interface LiteralRun {
  readonly depth: number;
  readonly branches: TextMap<Branch>;
  /** Those of more segments. */
  next: LiteralRun | undefined;
}

/** The end of a literal text, such as `/a/b`, where a mount or a segment with parameters comes. */
export class Branch {
  readonly text: string;
  /** The first route that goes through here. */
  readonly lowest: number;
  /** The application that has every path from here. */
  mount: Terminal | undefined;
  /** Where segments with parameters lead. */
  shapes: ShapeIndex<Node> | undefined;
  /** Where a `path` parameter takes the rest from here: nodes at which views end and nothing goes on. */
  tails: ShapeIndex<Node> | undefined;

  constructor(text: string, lowest: number) {
    this.text = text;
    this.lowest = lowest;
  }
}

/** Adds a route, whose number is higher than that of every route before. */
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

/** Segments in one text, each after a "/". */
function textOf(literals: readonly string[]): string {
  return interned(["", ...literals].join("/"));
}
