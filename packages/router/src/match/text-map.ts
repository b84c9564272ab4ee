/** Comparing so many texts is faster than hashing one that was just cut out and has no hash yet. */
const few = 8;

/**
 * Values by a text that is a part of a path. The value that was found last is compared first, because most clients of a
 * server use few paths.
 */
export class TextMap<Value extends { readonly text: string }> {
  #last: Value | undefined;
  readonly #few: Value[] = [];
  /** All values, once there are many. */
  #many: Map<string, Value> | undefined;
  /**
   * A bit for each length of a text; all lengths from 31 on share a bit. It sorts out most texts that are not in the map.
   */
  #lengths = 0;

  /** Adds a value whose text is new. */
  add(value: Value): void {
    this.#last = value;
    this.#lengths |= lengthBit(value.text.length);
    if (this.#many === undefined && this.#few.length < few) this.#few.push(value);
    else {
      this.#many ??= new Map(this.#few.map((each) => [each.text, each]));
      this.#many.set(value.text, value);
    }
  }

  /** The value of the text from `from` up to `to` in `path`. */
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
