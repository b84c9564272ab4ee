import { expect, test } from "vitest";
import { Mailbox } from "./mailbox.js";

test("messages are taken in the order in which they came", async () => {
  const mailbox = new Mailbox();
  mailbox.message("a");
  mailbox.message(Uint8Array.of(1));
  await mailbox.arrival();
  expect([mailbox.size, mailbox.take(), mailbox.take(), mailbox.take()]).toEqual([
    2,
    "a",
    new Uint8Array([1]),
    undefined,
  ]);
});

test("a wait that is given up takes nothing", async () => {
  const mailbox = new Mailbox();
  void mailbox.arrival();
  const second = mailbox.arrival();
  mailbox.message("a");
  await second;
  expect(mailbox.take()).toBe("a");
});

test("the end wakes who waits, and says how clean it was", async () => {
  const mailbox = new Mailbox();
  const waiting = mailbox.arrival();
  mailbox.ended(1006, "");
  await waiting;
  await mailbox.arrival();
  expect(mailbox.end).toEqual({ code: 1006, reason: "", wasClean: false });
  expect(await mailbox.closed).toBe(mailbox.end);
});
