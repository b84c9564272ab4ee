import { describe, expect, test } from "vitest";
import type { Case } from "./case.js";
import { cases } from "./cases.js";
import { notesOn } from "./notes.js";
import { plan } from "./plan.js";
import { Results } from "./results.js";
import { formatTable, speedTable } from "./table.js";

function caseOf(name: string): Case {
  const found = cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
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

  test("has the median, its spread, the ratio to the control, and the goal", () => {
    const results = new Results();
    const echo = caseOf("echo-100");
    for (const value of [10, 11, 12]) results.add(echo, "bare-ws", { value, details: {} });
    results.add(echo, "ws-stack", { value: 10, details: {} });
    const [, , row] = cellsOf(speedTable(results, [echo], ["bare-ws", "ws-stack", "hono"]));
    expect(row).toEqual([echo.title, "11.0 µs ±9% · 1.00", "10.0 µs · 1.10", "–", "≥ 1.05 met"]);
  });

  test("compares with bufferutil against the control without", () => {
    const results = new Results();
    results.add(caseOf("echo-16k"), "bare-ws", { value: 50, details: {} });
    results.add(caseOf("echo-16k-bufferutil"), "ws-stack", { value: 25, details: {} });
    expect(results.ratio(caseOf("echo-16k-bufferutil"), "ws-stack")).toBe(2);
  });

  test("has memory as a multiple of the control's, with a bound of its own", () => {
    const results = new Results();
    results.add(caseOf("idle"), "bare-ws", { value: 8, details: {} });
    results.add(caseOf("idle"), "ws-stack", { value: 9, details: {} });
    const [, , row] = cellsOf(speedTable(results, [caseOf("idle")], ["ws-stack"]));
    expect(row?.slice(1)).toEqual(["9.00 KiB · 1.13 ×", "≤ 1.25 ×, ≤ 8.5 KiB MISSED"]);
  });
});

describe("the notes", () => {
  test("say where the load was the bottleneck, and who was ahead", () => {
    const results = new Results();
    const echo = caseOf("echo-100");
    results.add(echo, "bare-ws", { value: 9, details: { loadShare: 0.95, serverShare: 0.8 } });
    results.add(echo, "ws-stack", { value: 10, details: { loadShare: 0.6, serverShare: 1 } });
    expect(notesOn(results, [echo], ["bare-ws", "ws-stack"])).toEqual([
      "The load used at most 95 % of its core.",
      "The load was the bottleneck in echo-100 of bare-ws: load 95 %, server 80 %.",
      "Ahead of ws-stack in echo-100: bare-ws.",
    ]);
  });
});

describe("the plan", () => {
  test("has every contender in every round, in another order", () => {
    const steps = plan([caseOf("echo-1")], ["bare-ws", "ws-stack"], 2);
    expect(steps.map(({ round, contender }) => `${round} ${contender}`)).toEqual([
      "0 bare-ws",
      "0 ws-stack",
      "1 ws-stack",
      "1 bare-ws",
    ]);
  });

  test("adds the control that a chosen case leans on", () => {
    const steps = plan([caseOf("echo-16k-bufferutil")], ["bare-ws"], 1);
    expect(steps.map(({ each }) => each.name)).toEqual(["echo-16k", "echo-16k-bufferutil"]);
  });

  test("has no two cases of one name", () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});
