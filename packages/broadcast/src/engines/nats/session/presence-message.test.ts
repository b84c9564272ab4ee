import { expect, test } from "vitest";
import { formatAnswers, formatSign, parseAnswer, parseSign } from "./presence-message.js";

test("a sign is read as it was written", () => {
  expect(parseSign(formatSign("0af", "chat.1_x-y"))).toEqual({ process: "0af", word: "chat.1_x-y" });
});

test.each([
  [""],
  ["1"],
  ["2 a hello"],
  ["1 a"],
  ["1 a two words"],
  [`1 ${"a".repeat(65)} beat`],
  ["1 A! beat"],
])("%j is no sign", (text) => expect(parseSign(text)).toBeUndefined());

test("an answer is read as it was written, also where nobody is there", () => {
  expect(formatAnswers("p", new Map(), 4_096).map(parseAnswer)).toEqual([
    { process: "p", left: 0, members: [] },
  ]);
  const [text = ""] = formatAnswers("p", new Map([["1", { name: "é\n" }]]), 4_096);
  expect(parseAnswer(text)).toEqual({
    process: "p",
    left: 0,
    members: [{ id: "1", process: "p", as: { name: "é\n" } }],
  });
});

test.each([
  ["256 KiB", 8_000_000, 262_144 + 128, 3],
  ["what a message may hold", 65_536, 65_536, 10],
])("many members are told in parts of %s, each with how many still come", (_, maxPayload, most, count) => {
  const process = "p".repeat(64);
  const members = new Map(Array.from({ length: 600 }, (_, index) => [`m${index}`, "é".repeat(500)]));
  const texts = formatAnswers(process, members, maxPayload);
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
  const answers = texts.map(parseAnswer);
  expect(answers.map((answer) => answer?.left)).toEqual(
    Array.from({ length: count }, (_, at) => count - 1 - at),
  );
  expect(answers.flatMap((answer) => answer?.members.map(({ id }) => id))).toEqual([...members.keys()]);
});

test("a member that goes into no message is left out", () => {
  const members = new Map([
    ["long", "x".repeat(1_000)],
    ["short", "x"],
  ]);
  const answers = formatAnswers("p", members, 1_000).map(parseAnswer);
  expect(answers.map((answer) => answer?.members.map(({ id }) => id))).toEqual([["short"]]);
});

test.each([[""], ["1 p 0"], ["1 p 0 {}"], ["1 p 0 [}]"], ["1 p -1 []"], ["2 p 0 []"]])(
  "%j is no answer",
  (text) => {
    expect(parseAnswer(text)).toBeUndefined();
  },
);

test("what is no member is left out of an answer", () => {
  const text = '1 p 0 [["1","ann"],"bob",[2,"eve"],["3"],null]';
  expect(parseAnswer(text)?.members).toEqual([{ id: "1", process: "p", as: "ann" }]);
});
