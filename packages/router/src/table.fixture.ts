import type { Converters } from "./converter.js";
import { parsePattern } from "./pattern.js";
import { type Segment, segmentsOf } from "./segment.js";
import { insertRoute, TrieNode } from "./trie.js";

/** The segments of a pattern; of a mount's prefix, where it ends in `*`, those before. */
export function segments(pattern: string, own: Converters = {}): readonly Segment[] {
  const prefix = pattern.endsWith("*") ? pattern.slice(0, -1) : pattern;
  return segmentsOf(prefix === "" ? [] : parsePattern(prefix, own));
}

/** A tree of patterns; `/a*` is a mount. */
export function tree(patterns: readonly string[], own: Converters = {}): TrieNode {
  const root = new TrieNode(0);
  for (const [index, pattern] of patterns.entries()) {
    insertRoute(root, segments(pattern, own), index, pattern.endsWith("*") ? "mount" : "view");
  }
  return root;
}
