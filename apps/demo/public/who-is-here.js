// @ts-check

/** After a loss the others come back one by one, in ms. Who does so by then was not away. */
const patience = 5_000;

/** Who is here, and who came and went since it was last told. */
export class WhoIsHere {
  #onMoved;
  /** Whom the reader knows to be here; `undefined` before there was a list. @type {ReadonlySet<string> | undefined} */
  #known;
  /** @type {ReadonlySet<string>} */
  #names = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(name: string, move: "joined" | "left") => void} onMoved */
  constructor(onMoved) {
    this.#onMoved = onMoved;
  }

  /** In the order of the alphabet, which does not change when somebody comes back. */
  get names() {
    return [...this.#names].sort((one, other) => one.localeCompare(other));
  }

  /** We are back: for a while nobody is missed. */
  back() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, patience);
  }

  /** @param {ReadonlySet<string>} names */
  show(names) {
    this.#names = names;
    this.#known ??= names;
    if (this.#timer === undefined) this.#tell();
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = this.#known = undefined;
    this.#names = new Set();
  }

  #tell() {
    const known = this.#known ?? this.#names;
    this.#known = this.#names;
    for (const name of this.#names) if (!known.has(name)) this.#onMoved(name, "joined");
    for (const name of known) if (!this.#names.has(name)) this.#onMoved(name, "left");
  }
}
