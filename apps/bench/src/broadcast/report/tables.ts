import type { Summary } from "../../rig/statistics.js";
import { formatNumber, formatTable } from "../../rig/table.js";
import { isFaultless } from "../faults.js";
import type { Options } from "../options.js";
import type { Results } from "./results.js";
import { envelope, type Row } from "./rows.js";

/** Half of what lies between the least and the most, as a share of the median. */
function formatSummary(summary: Summary | undefined): string {
  if (summary === undefined) return "–";
  const { median, least, most } = summary;
  const spread = least === most ? "" : ` ±${Math.round(((most - least) / 2 / median) * 100)}%`;
  return `${formatNumber(median)}${spread}`;
}

function isMissed(results: Results, row: Row): boolean {
  const ratio = results.ratio(row);
  return row.goal !== undefined && ratio !== undefined && ratio < row.goal;
}

function formatGoal(results: Results, row: Row): string {
  if (row.goal === undefined) return "";
  const verdict = results.ratio(row) === undefined ? "" : isMissed(results, row) ? " MISSED" : " met";
  return `≥ ${Number(row.goal.toFixed(2))} ×${verdict}`;
}

function speedTable(results: Results, rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const ratio = results.ratio(row);
    return [
      row.title,
      formatSummary(results.summary(row.own)),
      formatSummary(results.summary(row.other)),
      row.floor === undefined ? "" : formatSummary(results.summary(row.floor)),
      ratio === undefined ? "–" : `${ratio.toFixed(2)} ×`,
      formatGoal(results, row),
    ];
  });
  const heads = rows.includes(envelope)
    ? ["of a channel's topic", "in its envelope", "without", "", "ratio", "goal"]
    : ["deliveries per CPU second", "@ws/broadcast", "Socket.IO", "bare sockets", "ratio", "goal"];
  return formatTable([heads, ...lines]);
}

function correctnessTable({ verdicts }: Results): string {
  const lines = verdicts.map(({ trial: { setup, published }, deliveries, faults, engineCost }) => [
    `${setup.engine}, ${setup.processes} process${setup.processes === 1 ? "" : "es"}`,
    ...[published, setup.members, deliveries, faults.lost, faults.duplicated, faults.reordered].map((value) =>
      value.toLocaleString("en-US"),
    ),
    Number.isFinite(engineCost) ? `${engineCost.toFixed(1)} µs` : "",
    `0 faults ${isFaultless(faults) ? "met" : "MISSED"}`,
  ]);
  const heads = [
    "published",
    "members",
    "deliveries",
    "lost",
    "duplicated",
    "reordered",
    "engine per message",
    "goal",
  ];
  return formatTable([["without faults", ...heads], ...lines]);
}

function weightTable({ weights }: Results): string {
  const [own = Number.NaN, other = Number.NaN] = [weights.get("ws"), weights.get("socket.io")];
  return formatTable([
    ["bytes per member of an idle topic", "@ws/broadcast", "Socket.IO"],
    ["10,000 members, beyond their connections", formatNumber(own), formatNumber(other)],
  ]);
}

/** All tables that have a line. */
export function tablesOf(results: Results, { rows }: Options): string {
  const others = rows.filter((row) => row !== envelope);
  const tables = [
    ...(others.length > 0 ? [speedTable(results, others)] : []),
    ...(rows.includes(envelope) ? [speedTable(results, [envelope])] : []),
    ...(results.verdicts.length > 0 ? [correctnessTable(results)] : []),
    ...(results.weights.size > 0 ? [weightTable(results)] : []),
  ];
  return tables.join("\n\n");
}

/** Whether a goal was missed that was measured. */
export function hasMissed(results: Results, { rows }: Options): boolean {
  const isFaulty = results.verdicts.some(({ faults }) => !isFaultless(faults));
  return isFaulty || rows.some((row) => isMissed(results, row));
}
