/** How the text of a flag or a variable is read. Durations are stored in ms, sizes in bytes. */
type OptionKind = "boolean" | "count" | "duration" | "size" | "text" | "list";

/** The headings under which `--help` and the README list the options, in order. */
export const optionGroups = [
  "Where to listen",
  "While you write",
  "Processes",
  "How it ends",
  "What it tells",
  "Limits",
  "Who may connect",
] as const;

export type OptionGroup = (typeof optionGroups)[number];

/** One option of the command: a row of the table from which flag, variable, config key, `--help` and the README are made. */
export interface Option {
  /** The key in `ws.config.ts`; a key with a dot is inside an object there. */
  readonly key: string;
  readonly kind: OptionKind;
  readonly group: OptionGroup;
  /** The default; `undefined` where it depends on something, which `text` describes. */
  readonly default: boolean | number | string | readonly string[] | undefined;
  /** The smallest and the largest value of a number. */
  readonly range?: readonly [least: number, most: number];
  /** The values that a text may have. */
  readonly choices?: readonly string[];
  /** A word that is accepted in place of a number, such as `auto`. */
  readonly word?: string;
  /** The placeholder of the value in `--help`, such as `PATH`. */
  readonly value?: string;
  /** Another variable that is read where the option's own is not set, such as `PORT`. */
  readonly variable?: string;
  /** Whether it is an option of `serve` with the same key, and not one of the command itself. */
  readonly isOfServer?: true;
  /** Whether the config file may contain another kind of value, such as a function. */
  readonly isOpen?: true;
  /** One sentence for users. */
  readonly text: string;
}

function words(key: string): string[] {
  return key.split(/[.]|(?=[A-Z])/).map((word) => word.toLowerCase());
}

/** The name of the flag, without its dashes: `max-payload`. */
export function flagOf({ key }: Pick<Option, "key">): string {
  return words(key).join("-");
}

/** The name of the variable: `WS_MAX_PAYLOAD`. */
export function variableOf({ key }: Pick<Option, "key">): string {
  return ["ws", ...words(key)].join("_").toUpperCase();
}
