import { type OptionRow, optionRows } from "@ws/server/options";
import type { Option, OptionGroup } from "./option.js";

type Row = OptionRow & { readonly kind: Option["kind"] };

/** The heading of each group of the server's table whose options the command takes as they are. */
const groups: Readonly<Partial<Record<OptionRow["group"], OptionGroup>>> = {
  limit: "Limits",
  guard: "Who may connect",
};

/** What a flag says by default: `"*"` alone is a list as well. */
function defaultOf({ kind, default: value }: OptionRow): Option["default"] {
  return (kind === "list" && !Array.isArray(value) ? [value] : value) as Option["default"];
}

/** The text of `--help`: the sentence, and what happens beyond it. */
function textOf({ kind, text, effect }: OptionRow): string {
  if (effect === undefined) return text;
  const when = kind === "duration" ? "Then" : kind === "list" ? "Else" : "Above";
  return `${text} ${when}: ${effect.replaceAll("`", "")}.`;
}

/** An option of `serve`, as its row in the table of `@ws/server` has it. */
export function serverOption(key: keyof typeof optionRows, group: OptionGroup): Option {
  const row = optionRows[key] as Row;
  const { kind, range, placeholder, isOpen } = row;
  return {
    key,
    kind,
    group,
    default: defaultOf(row),
    ...(range && { range }),
    ...(placeholder !== undefined && { value: placeholder }),
    ...(isOpen && { isOpen }),
    isOfServer: true,
    text: textOf(row),
  };
}

const names = Object.keys(optionRows) as (keyof typeof optionRows)[];

/** The options that are handed to `serve` of `@ws/server` as they are. */
export const serverOptions: readonly Option[] = names.flatMap((name) => {
  const group = groups[optionRows[name].group];
  return group === undefined ? [] : [serverOption(name, group)];
});
