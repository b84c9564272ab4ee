import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { descriptorLimit, socketsWithin } from "./descriptor-limit.js";

const limits = (soft: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft}                 4096                 files     \n`;

const absent = (): never => {
  throw new Error("ENOENT");
};

test("it is what the system says of this process", () => {
  const { stdout } = spawnSync("/bin/sh", ["-c", "ulimit -n"], { encoding: "utf8" });
  const said = Number(stdout.trim());
  expect(descriptorLimit()).toBe(Number.isNaN(said) ? Number.POSITIVE_INFINITY : said);
  // Node's report says the same.
  expect(descriptorLimit(absent)).toBe(descriptorLimit());
});

test("it is the soft limit; one that is not there is infinite", () => {
  expect(descriptorLimit(() => limits("200"))).toBe(200);
  expect(descriptorLimit(() => limits("unlimited"))).toBe(Number.POSITIVE_INFINITY);
  expect(descriptorLimit(() => "")).toBe(Number.POSITIVE_INFINITY);
});

test("where the system has no such file, the report is asked", () => {
  expect(descriptorLimit(absent, () => ({ userLimits: { open_files: { soft: 256, hard: 512 } } }))).toBe(256);
  expect(descriptorLimit(absent, () => ({ userLimits: { open_files: { soft: "unlimited" } } }))).toBe(
    Number.POSITIVE_INFINITY,
  );
  expect(descriptorLimit(absent, () => ({}))).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  [64, 32],
  [200, 136],
  [1_024, 921],
  [65_536, 64_512],
  [1_048_576, 1_047_552],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])("of %d descriptors, sockets may have %d", (limit, sockets) => {
  expect(socketsWithin(limit)).toBe(sockets);
});
