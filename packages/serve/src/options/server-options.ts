import { type OptionRow, optionRows } from "@ws/server/options";
import type { Option, OptionGroup } from "./option.js";

type Row = OptionRow & { readonly kind: Option["kind"] };

/** The heading for each group of the server's options that the command takes over. */
const groups: Readonly<Partial<Record<OptionRow["group"], OptionGroup>>> = {
  limit: "Limits",
  guard: "Who may connect",
};

/** The default as a flag would give it: a single `"*"` is a list as well. */
function defaultOf({ kind, default: value }: OptionRow): Option["default"] {
  return (kind === "list" && !Array.isArray(value) ? [value] : value) as Option["default"];
}

/** The text of `--help`: the sentence, and what happens above the limit. */
function textOf({ kind, text, effect }: OptionRow): string {
  if (effect === undefined) return text;
  const when = kind === "duration" ? "Then" : kind === "list" ? "Else" : "Above";
  return `${text} ${when}: ${effect.replaceAll("`", "")}.`;
}

/** The option of the command for a row in the table of `@ws/server`. */
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

/** The options that are passed to `serve` of `@ws/server` unchanged. */
export const serverOptions: readonly Option[] = names.flatMap((name) => {
  const group = groups[optionRows[name].group];
  return group === undefined ? [] : [serverOption(name, group)];
});
