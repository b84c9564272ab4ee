import type { Connection } from "@ws/connection";
import { connect, HandshakeRejected } from "@ws/testing";
import { expect, test, vi } from "vitest";
import { silentApplication } from "../silent-application.fixture.js";
import { time } from "./time.js";

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test("sends the time at once and then every so many ms", async () => {
  await using session = await connect(silentApplication(), "/time/10/");
  const times: number[] = [];
  while (times.length < 4) {
    const text = await session.receiveText();
    expect(text).toMatch(iso);
    times.push(Date.parse(text));
  }
  // Three intervals; a timer of Node may be early by the rounding of a millisecond each.
  expect((times[3] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(27);
});

test("is over as soon as the client leaves, however long the interval", async () => {
  const sent = vi.fn(async () => {});
  const leaving = new AbortController();
  const socket: Pick<Connection, "accept" | "sendText" | "signal"> = {
    accept: async () => {},
    sendText: sent,
    signal: leaving.signal,
  };
  const served = time(socket as Connection, { interval: 60_000 });
  await expect.poll(() => sent.mock.calls.length).toBe(1);
  leaving.abort();
  await served;
  expect(sent).toHaveBeenCalledTimes(1);
});

test.each(["9", "60001", "0"])(
  "refuses an interval of %s ms with 400, which says the bounds",
  async (interval) => {
    const rejected = await connect(silentApplication(), `/time/${interval}/`).catch(
      (error: unknown) => error,
    );
    expect(rejected).toBeInstanceOf(HandshakeRejected);
    expect(rejected).toMatchObject({ status: 400, text: "expected an interval from 10 to 60000 ms\n" });
  },
);

test.each(["-10", "ten", "1.5"])("has no route for %s, which is no whole number", async (interval) => {
  const connecting = connect(silentApplication(), `/time/${interval}/`);
  await expect(connecting).rejects.toMatchObject({ status: 404 });
});
