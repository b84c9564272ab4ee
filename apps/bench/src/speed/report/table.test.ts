import { describe, expect, test } from "vitest";
import { formatTable } from "../../rig/table.js";
import type { Case } from "../case.js";
import { cases } from "../cases.js";
import type { Sample } from "../measure/sample.js";
import { notesOn } from "./notes.js";
import { Results } from "./results.js";
import { speedTable, spreadTable } from "./table.js";

function caseOf(name: string): Case {
  const found = cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

const echo: Case = caseOf("echo-100");

/** Of a contender that ran without the control. */
function sample(value: number): Sample {
  return { value, ratio: undefined, ratios: [], details: {} };
}

/** One row per case: its cells without their padding. */
function cellsOf(table: string): string[][] {
  const rows = table.split("\n").map((line) => line.split("|").slice(1, -1));
  return rows.map((row) => row.map((cell) => cell.trim()));
}

describe("the table", () => {
  test("is Markdown whose columns are aligned", () => {
    const table = formatTable([
      ["case", "a"],
      ["x", "1.00"],
    ]);
    expect(table).toBe("| case |    a |\n| ---- | ---: |\n| x    | 1.00 |");
  });

  test("has what a message costs, the ratio to the control with its spread, and the goal", () => {
    const results = new Results();
    results.add(echo, "bare-ws", { value: 11, ratio: 1, ratios: [1, 1, 1], details: {} });
    results.add(echo, "ws-stack", { value: 10, ratio: 1.1, ratios: [1, 1.1, 1.2], details: {} });
    const [, , row] = cellsOf(speedTable(results, [echo], ["bare-ws", "ws-stack", "hono"]));
    expect(row).toEqual([echo.title, "11.0 µs · 1.00", "10.0 µs · 1.10 ±5%", "–", "≥ 1.08 met"]);
  });

  test("has no ratio where the control took no part, and no verdict on the goal", () => {
    const results = new Results();
    results.add(echo, "ws-stack", sample(10));
    expect(cellsOf(speedTable(results, [echo], ["ws-stack"]))[2]?.slice(1)).toEqual(["10.0 µs", "≥ 1.08"]);
    expect(cellsOf(spreadTable(results, [echo], ["ws-stack"]))[2]?.slice(1)).toEqual(["–"]);
  });

  test("has memory as a multiple of the control's, with a bound of its own", () => {
    const results = new Results();
    const idle = caseOf("idle");
    for (const ratio of [0.8, 0.9, 0.95]) {
      results.add(idle, "ws-stack", { value: 9, ratio, ratios: [ratio], details: {} });
    }
    const [, , row] = cellsOf(speedTable(results, [idle], ["ws-stack"]));
    expect(row?.slice(1)).toEqual(["9.00 KiB · 1.11 × ±4%", "≤ 1.20 ×, ≤ 8.5 KiB MISSED"]);
    expect(cellsOf(spreadTable(results, [idle], ["ws-stack"]))[2]?.slice(1)).toEqual(["1.08 ×–1.18 ×"]);
  });
});

describe("the results", () => {
  test("of several rounds are their medians, and the quartiles of all turns", () => {
    const results = new Results();
    results.add(echo, "ws-stack", { value: 10, ratio: 1.1, ratios: [1, 1.2], details: {} });
    results.add(echo, "ws-stack", { value: 30, ratio: 0.4, ratios: [0.4, 0.4], details: {} });
    results.add(echo, "ws-stack", { value: 11, ratio: 0.9, ratios: [0.8], details: {} });
    expect(results.entry(echo, "ws-stack")).toMatchObject({ value: 11, ratio: 0.9, quartiles: [0.4, 1] });
  });

  test("know nothing of what was not measured", () => {
    expect(new Results().entry(echo, "ws-stack")).toBeUndefined();
  });
});

describe("the notes", () => {
  test("say how a figure is made, where the load was the bottleneck, and who was ahead", () => {
    const results = new Results();
    results.add(echo, "bare-ws", { ...sample(9), details: { loadShare: 0.95, serverShare: 0.8 } });
    results.add(echo, "ws-stack", { ...sample(10), details: { loadShare: 0.6, serverShare: 1 } });
    expect(notesOn(results, [echo], ["bare-ws", "ws-stack"])).toEqual([
      expect.stringContaining("all CPU time over all messages of the windows"),
      "The load used at most 95 % of its core.",
      "The load was the bottleneck in echo-100 of bare-ws: load 95 %, server 80 %.",
      "Ahead of ws-stack in echo-100: bare-ws.",
    ]);
  });
});

test("no two cases are of one name", () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
