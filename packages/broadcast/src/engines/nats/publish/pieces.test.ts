import { expect, test } from "vitest";
import { Parcel } from "./parcel.js";
import { piecesOf } from "./pieces.js";

const { signal } = new AbortController();
const parcel = (topic: string, payload: string): Parcel =>
  new Parcel({ topic, payload, stream: undefined }, { signal, resolve() {}, reject() {} }, new Set());

function pieces(
  room: number,
  ...messages: readonly (readonly [topic: string, payload: string])[]
): string[][] {
  const parcels = messages.map(([topic, payload]) => parcel(topic, payload));
  return piecesOf(parcels, room).map((piece) => piece.map(({ topic, payload }) => topic + payload));
}

test("messages of one topic go together, in their order, whatever is between them", () => {
  expect(pieces(100, ["a", "1"], ["b", "1"], ["a", "2"], ["b", "2"])).toEqual([
    ["a1", "a2"],
    ["b1", "b2"],
  ]);
});

test("a piece holds what fits, each with a separator", () => {
  expect(pieces(6, ["a", "11"], ["a", "22"], ["a", "3"])).toEqual([["a11", "a22"], ["a3"]]);
});

test("a message that is too large for company stands alone, and the order stays", () => {
  expect(pieces(4, ["a", "1"], ["a", "long"], ["a", "2"])).toEqual([["a1"], ["along"], ["a2"]]);
});
