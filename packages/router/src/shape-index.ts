import { type Shape, sameShape } from "./shape.js";

/** A shape and where it leads. */
export interface ShapeEntry<Target> {
  readonly shape: Shape;
  readonly target: Target;
}

/** A map by text that is asked for every key that a longer text begins, or ends, with. */
class AffixMap<Value> {
  readonly #values = new Map<string, Value>();
  readonly #lengths: number[] = [];

  getOrAdd(affix: string, make: () => Value): Value {
    let value = this.#values.get(affix);
    if (value === undefined) {
      value = make();
      this.#values.set(affix, value);
      if (!this.#lengths.includes(affix.length)) this.#lengths.push(affix.length);
    }
    return value;
  }

  /** The values whose key `text` begins with. */
  startsOf(text: string): Value[] {
    return this.#find(text, (length) => text.slice(0, length));
  }

  /** The values whose key `text` ends with. */
  endsOf(text: string): Value[] {
    return this.#find(text, (length) => text.slice(text.length - length));
  }

  /** One look-up for each length that a key has, up to the text's own. */
  #find(text: string, cut: (length: number) => string): Value[] {
    const found: Value[] = [];
    for (const length of this.#lengths) {
      const value = length <= text.length ? this.#values.get(cut(length)) : undefined;
      if (value !== undefined) found.push(value);
    }
    return found;
  }
}

/**
 * Shapes by the literals that they begin and end with, so that `/room-1-<id>`, `/room-2-<id>` and ten
 * thousand more at one place are no more work than one.
 */
export class ShapeIndex<Target> {
  /** By prefix, then by suffix. Most places in a tree have no shapes, so that it is made with the first. */
  #entries: AffixMap<AffixMap<ShapeEntry<Target>[]>> | undefined;

  /** The target of `shape`; the one that `make` gives where it isn't here yet. */
  getOrAdd(shape: Shape, make: () => Target): Target {
    this.#entries ??= new AffixMap();
    const bySuffix = this.#entries.getOrAdd(shape.prefix, () => new AffixMap());
    const alike = bySuffix.getOrAdd(shape.suffix, () => []);
    const found = alike.find((entry) => sameShape(entry.shape, shape));
    if (found !== undefined) return found.target;
    const target = make();
    alike.push({ shape, target });
    return target;
  }

  /** The entries whose prefix `head` begins with and whose suffix `tail` ends with. */
  candidates(head: string, tail: string): ShapeEntry<Target>[] {
    if (this.#entries === undefined) return [];
    const found: ShapeEntry<Target>[] = [];
    for (const bySuffix of this.#entries.startsOf(head)) {
      for (const entries of bySuffix.endsOf(tail)) found.push(...entries);
    }
    return found;
  }
}
