import type { Converters } from "@ws/contract/path";
import { parsePattern } from "../pattern/pattern.js";
import { mount, websocket } from "../route/declare.js";
import type { Route } from "../route/route.js";
import { type Segment, segmentsOf } from "./segment.js";
import { insertRoute, Node } from "./tree.js";

/** The segments of a pattern; of a mount's prefix, where it ends in `*`, those before. */
export function segments(pattern: string, own: Converters = {}): readonly Segment[] {
  const prefix = pattern.endsWith("*") ? pattern.slice(0, -1) : pattern;
  return segmentsOf(prefix === "" ? [] : parsePattern(prefix, own));
}

function route(pattern: string, converters: Converters): Route {
  if (pattern.endsWith("*")) return mount(pattern.slice(0, -1), async () => {});
  return websocket(pattern, async () => {}, { converters });
}

/** A tree of patterns; `/a*` is a mount. */
export function tree(patterns: readonly string[], own: Converters = {}): Node {
  const root = new Node(0);
  for (const [number, pattern] of patterns.entries()) {
    insertRoute(root, segments(pattern, own), route(pattern, own), number);
  }
  return root;
}
