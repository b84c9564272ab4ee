import { formatNumber, formatTable } from "../../rig/table.js";
import type { Case } from "../case.js";
import { type ContenderName, ours } from "../contenders.js";
import type { Entry, Results } from "./results.js";

function unitOf({ figure }: Case): string {
  return figure === "memory" ? "KiB" : "µs";
}

/** How many times as cheap as the control; of memory, how many times as much. */
function formatRatio(each: Case, ratio: number): string {
  return each.figure === "memory" ? `${(1 / ratio).toFixed(2)} ×` : ratio.toFixed(2);
}

/** Half of what lies between the quartiles, as a share of what lies in their middle. */
function formatSpread([lower, upper]: Entry["quartiles"]): string {
  return lower === upper ? "" : ` ±${Math.round(((upper - lower) / (upper + lower)) * 100)}%`;
}

/** What a message or a connection costs, and the ratio to the control with its spread. */
export function formatFigure(each: Case, { value, ratio, quartiles }: Entry): string {
  const figure = `${formatNumber(value)} ${unitOf(each)}`;
  return ratio === undefined ? figure : `${figure} · ${formatRatio(each, ratio)}${formatSpread(quartiles)}`;
}

function formatQuartiles(each: Case, { ratio, quartiles: [lower, upper] }: Entry): string {
  if (ratio === undefined) return "–";
  const isMore = each.figure === "memory";
  return `${formatRatio(each, isMore ? upper : lower)}–${formatRatio(each, isMore ? lower : upper)}`;
}

/** The goal of the whole stack, and whether it is met. */
function formatGoal(results: Results, each: Case): string {
  const { goal } = each;
  if (goal === undefined) return "";
  const bound = `${each.figure === "memory" ? "≤" : "≥"} ${formatRatio(each, goal.ratio)}`;
  const text = goal.atMost === undefined ? bound : `${bound}, ≤ ${goal.atMost} ${unitOf(each)}`;
  const { ratio, value = Number.NaN } = results.entry(each, ours) ?? {};
  if (ratio === undefined) return text;
  const isMet = ratio >= goal.ratio && value <= (goal.atMost ?? Number.POSITIVE_INFINITY);
  return `${text} ${isMet ? "met" : "MISSED"}`;
}

/** A cell for every contender; a dash where it wasn't measured. */
function formatCells(
  results: Results,
  each: Case,
  contenders: readonly ContenderName[],
  format: (each: Case, entry: Entry) => string,
): readonly string[] {
  return contenders.map((contender) => {
    const entry = results.entry(each, contender);
    return entry === undefined ? "–" : format(each, entry);
  });
}

/** One row per case, one column per contender: what a message costs, and the ratio to the control. */
export function speedTable(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): string {
  const rows = cases.map((each) => [
    each.title,
    ...formatCells(results, each, contenders, formatFigure),
    formatGoal(results, each),
  ]);
  return formatTable([["case", ...contenders, `goal of ${ours}`], ...rows]);
}

/** Between what the middle half of the ratios lie that single turns gave. */
export function spreadTable(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): string {
  const rows = cases.map((each) => [each.title, ...formatCells(results, each, contenders, formatQuartiles)]);
  return formatTable([["case", ...contenders], ...rows]);
}
