/**
 * One option of the server: a row of the table from which its default and its check are made, its comment in the interface,
 * its flag of `ws-serve` with the line of `--help`, and its rows in the README and in SECURITY.md.
 */
export interface OptionRow<Value = unknown> {
  /** What the value is. Sizes are in bytes, durations in ms; `other` is what no flag can say. */
  readonly kind: "boolean" | "count" | "duration" | "size" | "text" | "list" | "other";
  /** The heading that it stands under. */
  readonly group: "place" | "limit" | "guard" | "log";
  /** What holds where nothing is given, or undefined is. */
  readonly default: Value;
  /** The default in words, where the value alone does not say it. */
  readonly byDefault?: string;
  /** The smallest and the largest number that is taken. */
  readonly range?: readonly [least: number, most: number];
  /** One sentence that says what it is, to its user. */
  readonly text: string;
  /** What happens above it, or once the time is over. */
  readonly effect?: string;
  /** More than `--help` has room for: whole sentences for the README and the interface. */
  readonly note?: string;
  /** What it is against, and why it is so much: what SECURITY.md says of it. An option without it guards nothing. */
  readonly against?: string;
  /** What stands for the value in `--help`, such as `PATH`. */
  readonly placeholder?: string;
  /** Whether code may give something that a flag can't, such as a function. */
  readonly isOpen?: true;
}

/** A row for each option; the name of one with a dot is that of a number in an object. */
export type OptionRows<Options> = { readonly [Name in keyof Options]-?: OptionRow<Options[Name]> };

/** What stands at a name, which may have a dot: `receiveQueue.bytes` is `bytes` of `receiveQueue`. */
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
