import type { Case } from "./case.js";
import { type ContenderName, ours } from "./contenders.js";
import type { Results } from "./results.js";
import type { Summary } from "./statistics.js";

/** A Markdown table that is readable as it stands; the first column is aligned left, all others right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0), 3),
  );
  const lines = rows.map((row) =>
    widths.map((width, column) => {
      const cell = row[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    }),
  );
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  lines.splice(1, 0, rule);
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Three digits, which is more than can be measured. */
export function formatNumber(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function unitOf({ figure }: Case): string {
  return figure === "memory" ? "KiB" : "µs";
}

/** Half of what lies between the least and the most, as a share of the median. */
function formatSpread({ median, least, most }: Summary): string {
  return least === most ? "" : ` ±${Math.round(((most - least) / 2 / median) * 100)}%`;
}

/** How many times as cheap as the control; of memory, how many times as much. */
function formatRatio(each: Case, ratio: number): string {
  return each.figure === "memory" ? `${(1 / ratio).toFixed(2)} ×` : ratio.toFixed(2);
}

function formatCell(results: Results, each: Case, contender: ContenderName): string {
  const entry = results.entry(each, contender);
  if (entry === undefined) return "–";
  const ratio = results.ratio(each, contender);
  const { summary } = entry;
  const value = `${formatNumber(summary.median)} ${unitOf(each)}${formatSpread(summary)}`;
  return ratio === undefined ? value : `${value} · ${formatRatio(each, ratio)}`;
}

/** The goal of the whole stack, and whether it is met. */
function formatGoal(results: Results, each: Case): string {
  const { goal } = each;
  if (goal === undefined) return "";
  const bound = `${each.figure === "memory" ? "≤" : "≥"} ${formatRatio(each, goal.ratio)}`;
  const text = goal.atMost === undefined ? bound : `${bound}, ≤ ${goal.atMost} ${unitOf(each)}`;
  const ratio = results.ratio(each, ours);
  const entry = results.entry(each, ours);
  if (ratio === undefined || entry === undefined) return text;
  const isMet = ratio >= goal.ratio && entry.summary.median <= (goal.atMost ?? Number.POSITIVE_INFINITY);
  return `${text} ${isMet ? "met" : "MISSED"}`;
}

/** One row per case, one column per contender: what a message costs, and the ratio to the control. */
export function speedTable(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): string {
  const rows = cases.map((each) => [
    each.title,
    ...contenders.map((contender) => formatCell(results, each, contender)),
    formatGoal(results, each),
  ]);
  return formatTable([["case", ...contenders, `goal of ${ours}`], ...rows]);
}

/** The least and the most of each. */
export function spreadTable(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): string {
  const rows = cases.map((each) => [
    each.title,
    ...contenders.map((contender) => {
      const summary = results.entry(each, contender)?.summary;
      return summary === undefined ? "–" : `${formatNumber(summary.least)}–${formatNumber(summary.most)}`;
    }),
  ]);
  return formatTable([["case", ...contenders], ...rows]);
}
