/**
 * One option of the server: a row of the table from which its default, its check, its comment in the interface, its flag of
 * `ws-serve` with the line of `--help`, and its rows in the README and in SECURITY.md are made.
 */
export interface OptionRow<Value = unknown> {
  /** The kind of the value. Sizes are in bytes and durations in ms; `other` is a value that no flag can express. */
  readonly kind: "boolean" | "count" | "duration" | "size" | "text" | "list" | "other";
  /** The heading under which the option stands. */
  readonly group: "place" | "limit" | "guard" | "log";
  /** The value where the option is not given, or is undefined. */
  readonly default: Value;
  /** The default in words, where the value alone does not explain it. */
  readonly byDefault?: string;
  /** The smallest and the largest number that is accepted. */
  readonly range?: readonly [least: number, most: number];
  /** One sentence for users that says what the option is. */
  readonly text: string;
  /** What happens above the limit, or when the time is over. */
  readonly effect?: string;
  /** Further whole sentences for the README and the interface, for which `--help` has no room. */
  readonly note?: string;
  /**
   * What SECURITY.md says: the attack that the option guards against, and why its default is what it is. An option without
   * this text guards against nothing.
   */
  readonly against?: string;
  /** The placeholder of the value in `--help`, such as `PATH`. */
  readonly placeholder?: string;
  /** Whether code may give a value that a flag cannot express, such as a function. */
  readonly isOpen?: true;
}

/** A row for each option. A name with a dot is that of a number inside an object. */
export type OptionRows<Options> = { readonly [Name in keyof Options]-?: OptionRow<Options[Name]> };

/** The value at a name that may have a dot: `receiveQueue.bytes` is `bytes` of `receiveQueue`. */
export function valueAt(options: object, name: string): unknown {
  return name.split(".").reduce<unknown>((at, part) => Reflect.get(Object(at), part), options);
}

/** The defaults of all rows. */
export function defaultsOf<Options extends object>(rows: Readonly<Record<string, OptionRow>>): Options {
  const all: Record<string, unknown> = {};
  for (const [name, { default: value }] of Object.entries(rows)) {
    const [outer = name, inner] = name.split(".");
    all[outer] = inner === undefined ? value : { ...Object(all[outer]), [inner]: value };
  }
  return all as Options;
}
