import { expect, test } from "vitest";
import { run } from "./run.js";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const cases = 20_000;

test("20,000 cases of a random seed end as the oracle says", async () => {
  process.stdout.write(`frames: seed ${seed}\n`);
  const report = await run(cases, seed);
  expect(report.findings).toEqual([]);
  expect(report.cases).toBe(cases);
});
