import type { ReceiveEvent } from "@ws/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { disconnect, make, received, say, settle } from "./event-queue.fixture.js";

describe("whatever happens in whatever order", () => {
  type Step = "push" | "receive" | "turn" | "end" | "settle";
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>("push") },
    { weight: 4, arbitrary: fc.constant<Step>("receive") },
    { weight: 1, arbitrary: fc.constant<Step>("turn") },
    { weight: 1, arbitrary: fc.constant<Step>("settle") },
    { weight: 1, arbitrary: fc.constant<Step>("end") },
  );
  /** Bursts, so that the share and the bounds are reached. */
  const steps = fc.array(fc.tuple(step, fc.nat({ max: 80 })), { maxLength: 20 });

  test("connect, messages and disconnect come in order, none lost and none twice", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 40 }), async (bursts, messages) => {
        const { queue, clock, pauses } = make(messages);
        const events: ReceiveEvent[] = [];
        const expected: ReceiveEvent[] = [{ type: "websocket.connect" }];
        let asked = 0;
        let isOver = false;
        const actions: Record<Step, () => unknown> = {
          push: () => {
            const text = `${expected.length}`;
            if (!isOver) expected.push(received(text));
            say(queue, text);
          },
          receive: () => {
            asked += 1;
            void queue.receive().then((event) => events.push(event));
          },
          turn: () => clock.turn(),
          settle,
          end: () => {
            if (!isOver) queue.end(1006, "x", false);
            isOver = true;
          },
        };
        for (const [name, times] of bursts) {
          const most = name === "push" || name === "receive" ? times : 1;
          for (let count = 0; count < most; count += 1) await actions[name]();
        }
        while (clock.turns > 0) clock.turn();
        await settle();
        const held = Math.max(expected.length - asked, 0);
        const over = isOver
          ? Array.from({ length: Math.max(asked - expected.length, 0) }, () => disconnect)
          : [];
        expect(events).toEqual([...expected.slice(0, asked), ...over]);
        // A pause and a resume alternate; at the end it is paused if so much is held, and not below half of that.
        expect(pauses).toEqual(pauses.map((_, index) => index % 2 === 0));
        if (isOver || held <= messages / 2) expect(queue.paused).toBe(false);
        else if (held >= messages && asked > 0) expect(queue.paused).toBe(true);
      }),
    );
  });
});
