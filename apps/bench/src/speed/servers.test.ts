import { expect, test } from "vitest";
import type { Case } from "./case.js";
import { cases } from "./cases.js";
import { controlAmong, participantsOf } from "./servers.js";

function caseOf(name: string): Case {
  const found = cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

test("those who were asked for run side by side, and the control is among them", () => {
  const participants = participantsOf(caseOf("echo-16k"), ["ws-stack", "bare-ws"]);
  expect(participants).toEqual([
    { contender: "ws-stack", bufferutil: false },
    { contender: "bare-ws", bufferutil: false },
  ]);
  expect(controlAmong(participants)).toBe(1);
});

test("with bufferutil the control is one more, without it", () => {
  const participants = participantsOf(caseOf("echo-16k-bufferutil"), ["bare-ws", "ws-stack"]);
  expect(participants).toEqual([
    { contender: "bare-ws", bufferutil: true },
    { contender: "ws-stack", bufferutil: true },
    { contender: "bare-ws", bufferutil: false },
  ]);
  expect(controlAmong(participants)).toBe(2);
});

test("nobody is the control where it was not asked for", () => {
  const participants = participantsOf(caseOf("echo-16k-bufferutil"), ["ws-stack"]);
  expect(participants).toEqual([{ contender: "ws-stack", bufferutil: true }]);
  expect(controlAmong(participants)).toBe(-1);
});
