import { AffixMap } from "./affix-map.js";
import { type Shape, sameShape } from "./shape.js";

/** A shape and its target. */
export interface ShapeEntry<Target> {
  readonly shape: Shape;
  readonly target: Target;
}

/** Shapes with the same prefix. */
class SuffixIndex<Target> {
  /** Shapes without a suffix, as most are. */
  readonly bare: ShapeEntry<Target>[] = [];
  #suffixed: AffixMap<ShapeEntry<Target>[]> | undefined;

  alike({ suffix }: Shape): ShapeEntry<Target>[] {
    if (suffix === "") return this.bare;
    this.#suffixed ??= new AffixMap();
    return this.#suffixed.getOrAdd(suffix, () => []);
  }

  candidates(text: string, from: number, to: number): readonly ShapeEntry<Target>[] {
    if (this.#suffixed === undefined) return this.bare;
    return this.#suffixed.endsOf(text, from, to).reduce<readonly ShapeEntry<Target>[]>(joined, this.bare);
  }
}

/** Two lists joined. Where one of them is empty, the other one itself is returned. */
function joined<Each>(a: readonly Each[], b: readonly Each[]): readonly Each[] {
  return a.length === 0 ? b : [...a, ...b];
}

/**
 * Shapes by the literals at their beginning and end. So it takes no more work to search `/room-1-<id>`, `/room-2-<id>` and
 * ten thousand more at one node than to search one.
 */
export class ShapeIndex<Target> {
  /** Shapes without a prefix, as most are. */
  readonly #bare = new SuffixIndex<Target>();
  #prefixed: AffixMap<SuffixIndex<Target>> | undefined;

  /** The target of `shape`. If the shape is new, `make` gives its target. */
  getOrAdd(shape: Shape, make: () => Target): Target {
    const alike = this.#bySuffix(shape).alike(shape);
    const found = alike.find((entry) => sameShape(entry.shape, shape));
    if (found !== undefined) return found.target;
    const target = make();
    alike.push({ shape, target });
    return target;
  }

  #bySuffix({ prefix }: Shape): SuffixIndex<Target> {
    if (prefix === "") return this.#bare;
    this.#prefixed ??= new AffixMap();
    return this.#prefixed.getOrAdd(prefix, () => new SuffixIndex());
  }

  /** The entries whose prefix and suffix match the text from `from` up to `to`. */
  candidates(text: string, from: number, to: number): readonly ShapeEntry<Target>[] {
    let found = this.#bare.candidates(text, from, to);
    if (this.#prefixed === undefined) return found;
    for (const bySuffix of this.#prefixed.startsOf(text, from, to)) {
      found = joined(found, bySuffix.candidates(text, from, to));
    }
    return found;
  }
}
