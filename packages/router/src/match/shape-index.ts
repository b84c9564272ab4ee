import { AffixMap } from "./affix-map.js";
import { type Shape, sameShape } from "./shape.js";

/** A shape and where it leads. */
export interface ShapeEntry<Target> {
  readonly shape: Shape;
  readonly target: Target;
}

/** Shapes of one prefix. */
class SuffixIndex<Target> {
  /** Those without a suffix, as most are. */
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

/** Two lists as one, which is one of the two where that will do. */
function joined<Each>(a: readonly Each[], b: readonly Each[]): readonly Each[] {
  return a.length === 0 ? b : [...a, ...b];
}

/**
 * Shapes by the literals that they begin and end with, so that `/room-1-<id>`, `/room-2-<id>` and ten
 * thousand more at one node are no more work than one.
 */
export class ShapeIndex<Target> {
  /** Those without a prefix, as most are. */
  readonly #bare = new SuffixIndex<Target>();
  #prefixed: AffixMap<SuffixIndex<Target>> | undefined;

  /** The target of `shape`; the one that `make` gives where it isn't here yet. */
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

  /** The entries whose prefix and suffix what stands in `text` from `from` up to `to` begins and ends with. */
  candidates(text: string, from: number, to: number): readonly ShapeEntry<Target>[] {
    let found = this.#bare.candidates(text, from, to);
    if (this.#prefixed === undefined) return found;
    for (const bySuffix of this.#prefixed.startsOf(text, from, to)) {
      found = joined(found, bySuffix.candidates(text, from, to));
    }
    return found;
  }
}
