import { expect, test } from "vitest";
import { headerItems } from "./header-items.js";

/** How long this process has worked, in ms: what it costs to read something, on a busy machine too. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

test("the items of a header are those of all its lines, in order, in their own case", () => {
  const headers = [
    ["x", "a, B"],
    ["y", "z"],
    ["x", "c"],
  ] as const;
  expect(headerItems(headers, "x")).toEqual(["a", "B", "c"]);
  expect(headerItems(headers, "w")).toEqual([]);
});

test("an item that is empty is one, of nothing but padding too", () => {
  expect(headerItems([["x", ",a, \t ,"]], "x")).toEqual(["", "a", "", ""]);
  expect(headerItems([["x", ""]], "x")).toEqual([""]);
});

test("padding is space and tab alone: what latin-1 has besides is part of the item", () => {
  expect(headerItems([["x", "\t a \t,\xa0b\xa0,c\x85"]], "x")).toEqual(["a", "\xa0b\xa0", "c\x85"]);
});

test("padding that is not at an end stays, and costs linear time", () => {
  const item = `b${" \t".repeat(200_000)}x`;
  const start = worked();
  expect(headerItems([["x", ` ${item} `]], "x")).toEqual([item]);
  expect(worked() - start).toBeLessThan(500);
});
