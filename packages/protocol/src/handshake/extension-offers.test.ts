import { expect, test } from "vitest";
import { readExtensionOffers } from "./extension-offers.js";

test("offers of several lines are read in order, with their parameters", () => {
  expect(readExtensionOffers(["a; x; y=1, b", "c;z=2"])).toEqual([
    {
      name: "a",
      parameters: [
        ["x", undefined],
        ["y", "1"],
      ],
    },
    { name: "b", parameters: [] },
    { name: "c", parameters: [["z", "2"]] },
  ]);
});

test("a value in quotes is the token in it, and what separates offers elsewhere is part of it", () => {
  expect(readExtensionOffers(['a; x="1\\0" , b; y = "t" \t'])).toEqual([
    { name: "a", parameters: [["x", "10"]] },
    { name: "b", parameters: [["y", "t"]] },
  ]);
});

test("an offer that is malformed is left out, and costs no other", () => {
  const malformed = [
    "",
    ";",
    "=",
    '"',
    "a;",
    "a;;x",
    "a; x=\xff",
    "a\xa0",
    'a; x="10',
    'a; x="1 0"',
    "a; x=",
    "a; =1",
    "a b",
    'a; x="1, b"',
  ];
  for (const text of malformed) {
    expect(readExtensionOffers([`good, ${text}`]).map(({ name }) => name)).toEqual(["good"]);
  }
});

test("a line of any kind is read in linear time", () => {
  for (const text of [`${";".repeat(200_000)}a`, `a${" ".repeat(200_000)}x`, '"\\'.repeat(100_000)]) {
    expect(readExtensionOffers([text])).toEqual([]);
  }
});
