import type { OptionRow } from "./option-row.js";

/** The number of columns of a line of source. */
const width = 125;

/** A default as prose has it. */
function spellDefault({ kind, byDefault, default: value }: OptionRow): string {
  if (byDefault !== undefined) return byDefault;
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (value === Number.POSITIVE_INFINITY) return "unlimited";
  if (typeof value !== "number") return `\`${JSON.stringify(value)}\``;
  if (kind === "duration") return value === 0 ? "off" : `${value / 1_000} s`;
  if (kind !== "size") return value.toLocaleString("en-US");
  return value % 1_048_576 === 0 ? `${value / 1_048_576} MiB` : `${value / 1_024} KiB`;
}

/** What happens beyond the limit, as a sentence. */
function beyond({ kind, effect }: OptionRow): string {
  if (effect === undefined) return "";
  const when = { duration: "Then", count: "Above", size: "Above" }[String(kind)] ?? "Else";
  return ` ${when}: ${effect}.`;
}

/** What the interface says of an option: the sentence, what happens beyond, and the default with its unit. */
function commentOf(row: OptionRow): string {
  const unit = { duration: "in ms", size: "in bytes" }[String(row.kind)];
  const standard =
    row.byDefault === undefined ? `${spellDefault(row)} by default` : `by default ${row.byDefault}`;
  const last = [unit, standard].filter((part) => part !== undefined).join("; ");
  const note = row.note === undefined ? "" : ` ${row.note}`;
  return `${row.text}${beyond(row)}${note} ${last.slice(0, 1).toUpperCase()}${last.slice(1)}.`;
}

/** A text as a comment of TypeScript, on one line where it fits. */
function asComment(text: string, indent: string): string {
  const whole = `${indent}/** ${text} */`;
  if (whole.length <= width) return `${whole}\n`;
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (`${indent} *${longer}`.length <= width) lines[lines.length - 1] = longer;
    else lines.push(` ${word}`);
  }
  return `${indent}/**\n${lines.map((line) => `${indent} *${line}\n`).join("")}${indent} */\n`;
}

/** The source of an interface, with the comments that its rows make. */
export function withComments(source: string, rows: Readonly<Record<string, OptionRow>>): string {
  let text = source;
  for (const [name, row] of Object.entries(rows)) {
    const field = String(name.split(".").at(-1));
    const pattern = new RegExp(
      `(?:^ +/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n)?^( +)(readonly ${field}\\??:)`,
      "m",
    );
    text = text.replace(
      pattern,
      (_all, indent, rest) => `${asComment(commentOf(row), indent)}${indent}${rest}`,
    );
  }
  return text;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** The table of the README: what each option is, its default, and what happens beyond it. */
export function readmeTable(rows: Readonly<Record<string, OptionRow>>): string {
  const lines = Object.entries(rows).map(([name, row]) => {
    const { text, note = "", effect } = row;
    const [what, beyondIt] =
      effect === undefined ? [`${text} ${note}`, ""] : [text, note && `${effect}. ${note}`];
    return [`\`${name}\``, spellDefault(row), what.trim(), beyondIt || (effect ?? "")];
  });
  return tableOf(["option", "default", "what it is", "beyond it"], lines);
}

/** The table of SECURITY.md: what each option is against. */
export function securityTable(rows: Readonly<Record<string, OptionRow>>): string {
  const lines = Object.entries(rows).flatMap(([name, row]) =>
    row.against === undefined ? [] : [[`\`${name}\``, spellDefault(row), row.against]],
  );
  return tableOf(["option", "default", "against what, and why so much"], lines);
}

/** A document with another text between two comments of HTML: `<!-- name … -->` and `<!-- end of name -->`. */
export function withSection(document: string, name: string, text: string): string {
  const pattern = new RegExp(`(<!-- ${name}[^>]*-->\\n)[\\s\\S]*?(\\n<!-- end of ${name} -->)`);
  if (!pattern.test(document)) throw new Error(`expected the comments of the section ${name}, got none`);
  return document.replace(pattern, (_all, begin, end) => `${begin}\n${text}\n${end}`);
}
