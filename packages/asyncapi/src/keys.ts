/**
 * Unique keys of a document for arbitrary names, made of the characters that AsyncAPI allows for a component, so that no
 * pointer to them needs escaping.
 */
export class Keys {
  readonly #taken = new Set<string>();

  take(...names: readonly string[]): string {
    const words = names.map((name) => name.replaceAll(/[^A-Za-z0-9_-]+/g, "-").replaceAll(/^-+|-+$/g, ""));
    const key = words.filter((word) => word !== "").join(".") || "root";
    let free = key;
    for (let count = 2; this.#taken.has(free); count += 1) free = `${key}-${count}`;
    this.#taken.add(free);
    return free;
  }
}
