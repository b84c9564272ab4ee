import { formatTable } from "../rig/table.js";
import { type Goal, isMet, type Row } from "./goals.js";
import type { Timing } from "./measure.js";

/** Three digits are what a measure is worth. */
const digits = (figure: number): string => Number(figure.toPrecision(3)).toLocaleString("en-US");

const shown = ({ median, low, high }: Timing): string => `${digits(median)} (${digits(low)}–${digits(high)})`;

/** A Markdown table: a row for each case, a column for each contender. */
export function tableOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ contender }) => contender))];
  const cases = new Map<string, Row[]>();
  for (const row of rows) {
    const name = `${row.kind} | ${digits(row.size)}`;
    cases.set(name, [...(cases.get(name) ?? []), row]);
  }
  const shownCases = [...cases.values()].map((row) => [
    String(row[0]?.kind),
    digits(Number(row[0]?.size)),
    ...row.map(({ timing }) => shown(timing)),
  ]);
  return formatTable([["looked up", "routes", ...names], ...shownCases]);
}

export function goalLines(goals: readonly Goal[]): string {
  return goals
    .map((goal) => {
      const verdict = isMet(goal) ? "met   " : "MISSED";
      return `${verdict} ${goal.name}: ${digits(goal.figure)} of at most ${goal.bound}`;
    })
    .join("\n");
}
