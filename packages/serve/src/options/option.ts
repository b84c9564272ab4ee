/** How the text of a flag or a variable is read. Durations are kept in ms, sizes in bytes. */
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

/** One option of the command: a row of the table that makes flag, variable, config key, `--help` and the README. */
export interface Option {
  /** The key in `ws.config.ts`; one with a dot stands in an object there. */
  readonly key: string;
  readonly kind: OptionKind;
  readonly group: OptionGroup;
  /** What holds where nothing else is said; `undefined` where that depends on something, which `text` says. */
  readonly default: boolean | number | string | readonly string[] | undefined;
  /** The smallest and the largest value of a number. */
  readonly range?: readonly [least: number, most: number];
  /** The only values of a text. */
  readonly choices?: readonly string[];
  /** A word that stands for a number, such as `auto`. */
  readonly word?: string;
  /** What stands for the value in `--help`, such as `PATH`. */
  readonly value?: string;
  /** Another variable that is read where that of the option is not set, such as `PORT`. */
  readonly variable?: string;
  /** The option of `serve` that it sets, where that has the name `key` and is not the command's own. */
  readonly isOfServer?: true;
  /** Whether a value may be something else in the config file, such as a function. */
  readonly isOpen?: true;
  /** One sentence for its user. */
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
