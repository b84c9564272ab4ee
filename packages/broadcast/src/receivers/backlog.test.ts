import { expect, test } from "vitest";
import { Backlog, type Overflow } from "./backlog.js";
import type { Gap } from "./gap.js";
import { Message } from "./message.js";

const message = (sequence: number, epoch = "e"): Message =>
  new Message({ epoch, sequence, payload: String(sequence) });

function filled(overflow: Overflow, sequences: readonly number[], isTelling = true): Backlog {
  const backlog = new Backlog("t", overflow, isTelling);
  for (const sequence of sequences) backlog.append(message(sequence), sequence);
  return backlog;
}

/** All that waits, in order: a sequence for a message, a few words for a gap. */
function drain(backlog: Backlog): readonly (number | string)[] {
  const all: (number | string)[] = [];
  const note = ({ reason, missed, after }: Gap): number =>
    all.push(`${reason} ${missed} after ${after?.sequence}`);
  while (!backlog.isEmpty) {
    const next = backlog.shift();
    for (const gap of next?.gaps ?? backlog.takeGaps()) note(gap);
    if (next !== undefined) all.push(next.message.sequence);
  }
  return all;
}

const lost = (missed: number | undefined): Gap => ({ topic: "t", reason: "lost", missed, after: undefined });

test("messages come out in order, with their values", () => {
  const backlog = filled("disconnect", [1, 2]);
  expect(backlog.size).toBe(2);
  expect(backlog.shift()).toMatchObject({ value: 1, gaps: [] });
  expect(drain(backlog)).toEqual([2]);
  expect(backlog.shift()).toBeUndefined();
  expect(backlog).toMatchObject({ size: 0, isEmpty: true });
});

test("gaps keep their place between them", () => {
  const backlog = filled("disconnect", [1]);
  backlog.gap(lost(2));
  backlog.append(message(4), 4);
  backlog.gap(lost(1));
  expect(drain(backlog)).toEqual([1, "lost 2 after undefined", 4, "lost 1 after undefined"]);
});

test("drop-oldest keeps the newest, and tells before them what is missing", () => {
  const backlog = filled("drop-oldest", [1, 2, 3, 4, 5]);
  expect(backlog.trim(2)).toBe(3);
  expect(backlog.trim(2)).toBe(0);
  expect(drain(backlog)).toEqual(["overflow 3 after undefined", 4, 5]);
});

test("drop-newest keeps the oldest, and tells behind them", () => {
  const backlog = filled("drop-newest", [1, 2, 3, 4, 5]);
  expect(backlog.trim(2)).toBe(3);
  backlog.append(message(6), 6);
  expect(backlog.trim(2)).toBe(1);
  expect(drain(backlog)).toEqual([1, 2, "overflow 4 after 2"]);
});

test("a gap of another reason is not joined with what was dropped beside it", () => {
  const backlog = filled("drop-oldest", [1]);
  backlog.gap(lost(3));
  backlog.append(message(5), 5);
  backlog.append(message(6), 6);
  backlog.trim(1);
  expect(drain(backlog)).toEqual([
    "overflow 1 after undefined",
    "lost 3 after undefined",
    "overflow 1 after 4",
    6,
  ]);
});

test("everything may be dropped", () => {
  const backlog = filled("drop-oldest", [2, 3]);
  expect(backlog.trim(0)).toBe(2);
  expect(backlog).toMatchObject({ size: 0, isEmpty: false });
  expect(drain(backlog)).toEqual(["overflow 2 after 1"]);
});

test("the newest of a key takes the place of the one that waits, and comes after what came before it", () => {
  const backlog = new Backlog("t", "coalesce", true);
  expect(backlog.append(message(1), 1, "a")).toBe(false);
  expect(backlog.append(message(2), 2, "b")).toBe(false);
  expect(backlog.append(message(3), 3)).toBe(false);
  expect(backlog.append(message(4), 4, "a")).toBe(true);
  expect(backlog.append(message(5), 5, "a")).toBe(true);
  expect(backlog.size).toBe(3);
  expect(drain(backlog)).toEqual([2, 3, 5]);
});

test("beyond that the oldest is dropped, and its key is free", () => {
  const backlog = new Backlog("t", "coalesce", true);
  for (const [index, key] of ["a", "b", "c"].entries()) backlog.append(message(index + 1), index, key);
  expect(backlog.trim(2)).toBe(1);
  expect(backlog.append(message(4), 4, "a")).toBe(false);
  expect(drain(backlog)).toEqual(["overflow 1 after undefined", 2, 3, 4]);
});

test("a gap before a message that is taken out stays, in its place", () => {
  const backlog = new Backlog("t", "coalesce", true);
  backlog.append(message(1), 1, "a");
  backlog.gap(lost(1));
  backlog.append(message(3), 3, "b");
  backlog.append(message(4), 4, "b");
  expect(drain(backlog)).toEqual([1, "lost 1 after undefined", 4]);
});

test("where nobody wants to know of gaps none are kept", () => {
  const backlog = filled("drop-oldest", [1, 2], false);
  backlog.gap(lost(1));
  expect(backlog.trim(1)).toBe(1);
  expect(drain(backlog)).toEqual([2]);
});

test("gaps with nothing between them are joined from the seventeenth on; an unknown number stays unknown", () => {
  const backlog = new Backlog("t", "disconnect", true);
  for (let count = 0; count < 18; count += 1) backlog.gap(lost(1));
  const gaps = drain(backlog);
  expect(gaps).toHaveLength(16);
  expect(gaps.at(-1)).toBe("lost 3 after undefined");
  for (let count = 0; count < 16; count += 1) backlog.gap(lost(1));
  backlog.gap(lost(undefined));
  backlog.gap(lost(1));
  expect(drain(backlog).at(-1)).toBe("lost undefined after undefined");
});

test("to clear it lets everything go", () => {
  const backlog = new Backlog("t", "coalesce", true);
  backlog.append(message(1), 1, "a");
  backlog.gap(lost(1));
  backlog.clear();
  expect(backlog).toMatchObject({ size: 0, isEmpty: true });
  expect(backlog.append(message(2), 2, "a")).toBe(false);
  expect(drain(backlog)).toEqual([2]);
});
