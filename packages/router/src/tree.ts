import { interned } from "./interned.js";
import { Leaf } from "./leaf.js";
import type { Route } from "./route.js";
import type { Segment } from "./segment.js";
import { ShapeIndex } from "./shape-index.js";
import { TextMap } from "./text-map.js";

/**
 * Where a way through the tree goes on: its root, or what follows a segment with parameters. The literal text
 * from here to the next parameter is one step, however many segments it has.
 */
export class Place {
  /** The first route that goes through here or ends here. Routes are numbered as they were declared. */
  readonly lowest: number;
  /** Views, by the text that is left of their pattern. */
  readonly ends: TextMap<Leaf> = new TextMap();
  /** What else goes on from here, after a literal text of the fewest segments. */
  next: Run | undefined;

  constructor(lowest: number) {
    this.lowest = lowest;
  }
}

/** Forks by the literal text before them, which has the same number of segments in all. */
export interface Run {
  readonly depth: number;
  readonly forks: TextMap<Fork>;
  /** Those of more segments. */
  next: Run | undefined;
}

/** The end of a literal text, such as `/a/b`, where a mount or a segment with parameters comes. */
export class Fork {
  readonly text: string;
  /** The first route that goes through here. */
  readonly lowest: number;
  /** The application that has every path from here. */
  mount: Leaf | undefined;
  /** Where segments with parameters lead. */
  shapes: ShapeIndex<Place> | undefined;
  /** Where a `path` parameter takes the rest from here: places at which views end and nothing goes on. */
  tails: ShapeIndex<Place> | undefined;

  constructor(text: string, lowest: number) {
    this.text = text;
    this.lowest = lowest;
  }
}

/** Adds a route, whose number is higher than that of every route before. */
export function insertRoute(root: Place, segments: readonly Segment[], route: Route, number: number): void {
  let place = root;
  let literals: string[] = [];
  for (const { shape, spans } of segments) {
    if (typeof shape === "string") {
      literals.push(shape);
      continue;
    }
    const fork = forkAt(place, literals, number);
    literals = [];
    const kind = spans ? "tails" : "shapes";
    fork[kind] ??= new ShapeIndex();
    place = fork[kind].getOrAdd(shape, () => new Place(number));
  }
  if (route.kind === "view") place.ends.add(new Leaf(number, route, textOf(literals)));
  else forkAt(place, literals, number).mount = new Leaf(number, route, "");
}

function forkAt(place: Place, literals: readonly string[], number: number): Fork {
  const text = textOf(literals);
  const { forks } = runAt(place, literals.length);
  let fork = forks.get(text, 0, text.length);
  if (fork === undefined) {
    fork = new Fork(text, number);
    forks.add(fork);
  }
  return fork;
}

function runAt(place: Place, depth: number): Run {
  let before: Place | Run = place;
  while (before.next !== undefined && before.next.depth < depth) before = before.next;
  if (before.next?.depth === depth) return before.next;
  before.next = { depth, forks: new TextMap(), next: before.next };
  return before.next;
}

/** Segments in one text, each after a "/". */
function textOf(literals: readonly string[]): string {
  return interned(["", ...literals].join("/"));
}
