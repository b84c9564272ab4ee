/** Values by texts of one length. */
class AffixTable<Value> {
  readonly length: number;
  readonly #values = new Map<string, Value>();
  /** The last characters of the texts. They are compared before a piece is cut out and hashed. */
  readonly #lasts = new Set<number>();

  constructor(length: number) {
    this.length = length;
  }

  getOrAdd(affix: string, make: () => Value): Value {
    let value = this.#values.get(affix);
    if (value === undefined) {
      value = make();
      this.#values.set(affix, value);
      this.#lasts.add(affix.charCodeAt(this.length - 1));
    }
    return value;
  }

  /** The value whose key begins at `at` in `text`. */
  get(text: string, at: number): Value | undefined {
    const stop = at + this.length;
    if (!this.#lasts.has(text.charCodeAt(stop - 1))) return undefined;
    return this.#values.get(text.slice(at, stop));
  }
}

/** A map by non-empty texts. It is asked for all values whose key a part of a longer text begins, or ends, with. */
export class AffixMap<Value> {
  /** One table for each length of a key. */
  readonly #tables: AffixTable<Value>[] = [];

  getOrAdd(affix: string, make: () => Value): Value {
    let table = this.#tables.find(({ length }) => length === affix.length);
    if (table === undefined) {
      table = new AffixTable(affix.length);
      this.#tables.push(table);
    }
    return table.getOrAdd(affix, make);
  }

  /** The values whose key begins at `from` in `text` and ends before `to`. */
  startsOf(text: string, from: number, to: number): Value[] {
    return this.#find(text, from, to, false);
  }

  /** The values whose key ends at `to` in `text` and begins after `from`. */
  endsOf(text: string, from: number, to: number): Value[] {
    return this.#find(text, from, to, true);
  }

  #find(text: string, from: number, to: number, ends: boolean): Value[] {
    const found: Value[] = [];
    for (const table of this.#tables) {
      if (table.length > to - from) continue;
      const value = table.get(text, ends ? to - table.length : from);
      if (value !== undefined) found.push(value);
    }
    return found;
  }
}
