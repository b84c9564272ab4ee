import { expect, test } from "vitest";
import { memberField, parseMembers, presenceOf } from "./member.js";

test("a member is found again by its field, whatever its id", () => {
  const ids = ["1", "a/b", "", "ü\n"];
  const hash = Object.fromEntries(ids.map((id) => [memberField("0f.12", id), '"ann"']));
  expect(parseMembers(hash)).toEqual(
    ids.map((id) => ({ field: `0f.12/${id}`, lease: "0f.12", process: "0f", id, as: '"ann"' })),
  );
});

test("a field that somebody else wrote is no member", () => {
  expect(parseMembers({ name: "x", "a/b": "x", "a.b/c": "x", ".1/c": "x" })).toEqual([]);
});

test("what a member said is JSON; it is not listed with anything else", () => {
  const member = { field: "p.1/i", lease: "p.1", process: "p", id: "i" };
  expect(presenceOf({ ...member, as: '{"n":1}' })).toEqual([{ id: "i", process: "p", as: { n: 1 } }]);
  expect(presenceOf({ ...member, as: "{" })).toEqual([]);
});
