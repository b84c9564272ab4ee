import { quantile } from "../../rig/statistics.js";
import type { Figure } from "../case.js";
import type { Sample } from "./sample.js";

/** A short time in which one server alone was under load; times in µs. */
export interface Window {
  /** Answered; none was under way before or after. */
  readonly messages: number;
  readonly wall: number;
  /** CPU time of the server's process, of the load's, and of all others. */
  readonly cpu: number;
  readonly load: number;
  readonly others: number;
  /** Round trips, where one message is under way at a time. */
  readonly median: number;
  readonly p99: number;
}

function sum(windows: readonly Window[], name: keyof Window): number {
  return windows.reduce((total, window) => total + window[name], 0);
}

/** What a message costs in µs: all that the windows cost over all messages, so that no collection of garbage is lost. */
export function costOf(windows: readonly Window[], figure: Figure): number {
  return sum(windows, figure === "latency" ? "wall" : "cpu") / sum(windows, "messages");
}

/** One server's windows, one a turn, beside those of the control in the same turns where it took part. */
export function sampleOf(
  windows: readonly Window[],
  control: readonly Window[] | undefined,
  figure: Figure,
): Sample {
  const value = costOf(windows, figure);
  const wall = sum(windows, "wall");
  const details = {
    messages: sum(windows, "messages"),
    perSecond: sum(windows, "messages") / (wall / 1_000_000),
    serverShare: sum(windows, "cpu") / wall,
    loadShare: sum(windows, "load") / wall,
    otherShare: sum(windows, "others") / wall,
    latency: quantile(
      windows.map(({ median }) => median),
      0.5,
    ),
    latency99: quantile(
      windows.map(({ p99 }) => p99),
      0.5,
    ),
  };
  if (control === undefined) return { value, ratio: undefined, ratios: [], details };
  const costs = control.map((window) => costOf([window], figure));
  const ratios = windows.map((window, turn) => (costs[turn] ?? Number.NaN) / costOf([window], figure));
  return { value, ratio: costOf(control, figure) / value, ratios, details };
}
