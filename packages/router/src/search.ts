import { matchShape } from "./shape.js";
import type { TrieNode } from "./trie.js";

/** The route that a path arrives at. */
export interface Found {
  readonly route: number;
  /** The values of its parameters, in the pattern's order. */
  readonly values: readonly unknown[];
  /** Where in the path the match ends: before its end only for a mount. */
  readonly stop: number;
}

/**
 * Finds the route declared first among those that take `path`. Visits each node of the tree at most once, and
 * tries no parameter whose every route was declared after one that was found already.
 */
export function findRoute(root: TrieNode, path: string): Found | undefined {
  const search = new Search(path);
  search.visit(root, 0, []);
  return search.found;
}

class Search {
  found: Found | undefined;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** `at` is where the path goes on from `node`: at a "/", or at its end. */
  visit(node: TrieNode, at: number, values: readonly unknown[]): void {
    this.#take(node.mount, values, at);
    if (at === this.#path.length) {
      this.#take(node.end, values, at);
      return;
    }
    const slash = this.#path.indexOf("/", at + 1);
    const stop = slash === -1 ? this.#path.length : slash;
    const segment = this.#path.slice(at + 1, stop);
    const literal = node.literals.get(segment);
    if (literal !== undefined) this.visit(literal, stop, values);
    for (const { shape, target } of node.shapes.candidates(segment, segment)) {
      if (!this.#improves(target.lowest)) continue;
      const more = matchShape(shape, segment);
      if (more !== undefined) this.visit(target, stop, [...values, ...more]);
    }
    this.#visitTails(node, this.#path.slice(at + 1), values);
  }

  #visitTails(node: TrieNode, rest: string, values: readonly unknown[]): void {
    for (const { shape, target } of node.tails.candidates(rest, rest)) {
      if (!this.#improves(target)) continue;
      const more = matchShape(shape, rest);
      if (more !== undefined) this.#take(target, [...values, ...more], this.#path.length);
    }
  }

  #improves(route: number): boolean {
    return this.found === undefined ? Number.isFinite(route) : route < this.found.route;
  }

  #take(route: number, values: readonly unknown[], stop: number): void {
    if (this.#improves(route)) this.found = { route, values, stop };
  }
}
