import { expect, test } from "vitest";
import { parseRedirect, parseSlots, Topology } from "./topology.js";

const asked = { host: "10.0.0.9", port: 1 };
const a = { host: "a", port: 1 };
const b = { host: "b", port: 2 };
const everybody = (): boolean => true;

test("slots are read from the answer of Redis; a node without a name has that by which it was asked", () => {
  const reply = [
    [0, 5, ["a", 1, "id", []], ["replica", 2, "id", []]],
    [6, 6, ["", 3, "id", []]],
    [7, 8, [null, 4, "id", []]],
    [9, 9, ["?", 5, "id", []]],
  ];
  expect(parseSlots(reply as never, asked)).toEqual([
    { first: 0, last: 5, owner: a },
    { first: 6, last: 6, owner: { host: "10.0.0.9", port: 3 } },
    { first: 7, last: 8, owner: { host: "10.0.0.9", port: 4 } },
    { first: 9, last: 9, owner: { host: "10.0.0.9", port: 5 } },
  ]);
});

test.each([
  ["MOVED 12 10.0.0.1:7000", { owner: { host: "10.0.0.1", port: 7000 } }],
  ["MOVED 12 ::1:7000", { owner: { host: "::1", port: 7000 } }],
  ["MOVED 12 :7000", { owner: { host: "10.0.0.9", port: 7000 } }],
  ["ASK 12 10.0.0.1:7000", { owner: undefined }],
  ["TRYAGAIN Multiple keys request during rehashing of slot", { owner: undefined }],
  ["NOPERM this user", undefined],
  [undefined, undefined],
])("%s is a redirect: %j", (refusal, redirect) => expect(parseRedirect(refusal, asked)).toEqual(redirect));

test("what is known first is taken from whoever says it; then a node's own word counts, and that of others where it can't be asked", () => {
  const topology = new Topology();
  topology.take([{ first: 0, last: 9, owner: a }], "", everybody);
  expect([topology.owner(9), topology.owner(10)]).toEqual(["a:1", undefined]);
  topology.take([{ first: 0, last: 20, owner: b }], "b:2", everybody);
  expect([topology.owner(9), topology.owner(10)]).toEqual(["a:1", "b:2"]);
  topology.take([{ first: 0, last: 4, owner: b }], "a:1", everybody);
  expect([topology.owner(4), topology.owner(5)]).toEqual(["b:2", "a:1"]);
  expect(topology.take([{ first: 5, last: 9, owner: b }], "b:2", everybody)).toBe(false);
  expect(topology.take([{ first: 5, last: 9, owner: b }], "b:2", (owner) => owner !== "a:1")).toBe(true);
  expect(topology.take([{ first: 5, last: 9, owner: b }], "b:2", everybody)).toBe(false);
  expect([...topology.owners()]).toEqual(["b:2"]);
  topology.move(3, a);
  expect([...topology.owners()].sort()).toEqual(["a:1", "b:2"]);
});
