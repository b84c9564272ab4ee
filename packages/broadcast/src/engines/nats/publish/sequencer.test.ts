import { expect, test } from "vitest";
import { Sequencer } from "./sequencer.js";

test("each topic is counted from 1, by what was taken", () => {
  const sequencer = new Sequencer();
  expect(sequencer.next("a")).toBe(1);
  expect(sequencer.next("a")).toBe(1);
  sequencer.take("a", 3);
  expect([sequencer.next("a"), sequencer.next("b")]).toEqual([4, 1]);
});

test("the epoch is this publisher's alone", () => {
  expect(new Sequencer().epoch).not.toBe(new Sequencer().epoch);
  expect(new Sequencer().epoch).toMatch(/^[0-9a-z]{8}$/);
});

test("topics are forgotten before they are too many; no position is given twice, as the epoch is another", () => {
  const sequencer = new Sequencer();
  const { epoch } = sequencer;
  for (let count = 0; count < 65_536; count += 1) {
    sequencer.next(`t${count}`);
    sequencer.take(`t${count}`, 1);
  }
  expect(sequencer.next("t0")).toBe(2);
  expect(sequencer.epoch).toBe(epoch);
  expect(sequencer.next("one more")).toBe(1);
  expect(sequencer.epoch).not.toBe(epoch);
  expect(sequencer.next("t0")).toBe(1);
});
