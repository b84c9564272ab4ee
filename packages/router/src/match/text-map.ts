/** So many texts are compared faster than one that was just cut out, and has no hash yet, is hashed. */
const few = 8;

/**
 * Values by a text, which is cut out of a path to ask for one. What was found last is compared first: most
 * clients of a server take few paths.
 */
export class TextMap<Value extends { readonly text: string }> {
  #last: Value | undefined;
  readonly #few: Value[] = [];
  /** All of them, once they are many. */
  #many: Map<string, Value> | undefined;
  /** A bit for each length of a text, from 31 on the same: spares most texts that are not here. */
  #lengths = 0;

  /** Adds a value whose text is not here yet. */
  add(value: Value): void {
    this.#last = value;
    this.#lengths |= lengthBit(value.text.length);
    if (this.#many === undefined && this.#few.length < few) this.#few.push(value);
    else {
      this.#many ??= new Map(this.#few.map((each) => [each.text, each]));
      this.#many.set(value.text, value);
    }
  }

  /** The value of the text that stands in `path` from `from` up to `to`. */
  get(path: string, from: number, to: number): Value | undefined {
    if ((this.#lengths & lengthBit(to - from)) === 0) return undefined;
    const text = path.slice(from, to);
    if (text === this.#last?.text) return this.#last;
    const value =
      this.#many === undefined ? this.#few.find((each) => each.text === text) : this.#many.get(text);
    if (value !== undefined) this.#last = value;
    return value;
  }
}

function lengthBit(length: number): number {
  return 1 << Math.min(length, 31);
}
