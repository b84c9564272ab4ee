import { describe, expect, test, vi } from "vitest";
import { ConnectionClosed, lostConnection } from "../errors/connection-closed.js";
import { type FailedCall, sentAtOnce, trackedRejection, trackPromise, trackThen } from "./tracked-promise.js";

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const mistake = new TypeError("no");

/** A host that has looked at each failed call a turn later. Were one an unhandled rejection, the run would fail. */
function host() {
  const calls: FailedCall[] = [];
  const untaken = async (): Promise<string[]> => {
    await nextTurn();
    return calls.filter(({ isTaken }) => !isTaken).map(({ call, error }) => `${call}: ${String(error)}`);
  };
  return { onFailedCall: (failed: FailedCall) => void calls.push(failed), untaken };
}

/** What ends up unhandled while `provoke` runs, in place of the runner's own listeners. */
async function unhandled(provoke: () => void): Promise<unknown[]> {
  const seen: unknown[] = [];
  const before = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const note = (error: unknown): void => void seen.push(error);
  process.on("unhandledRejection", note);
  provoke();
  await nextTurn();
  process.off("unhandledRejection", note);
  for (const listener of before) process.on("unhandledRejection", listener);
  return seen;
}

describe("fault 188: a rejection that nobody takes", () => {
  test("fault 188: is told to the host with its call, and is no unhandled rejection", async () => {
    const { onFailedCall, untaken } = host();
    void trackedRejection(mistake, "sendJson", onFailedCall);
    void trackPromise(Promise.reject(mistake), "accept", onFailedCall);
    void trackThen(Promise.resolve(1), () => Promise.reject(mistake), "receive", onFailedCall);
    expect((await untaken()).sort()).toEqual([
      "accept: TypeError: no",
      "receive: TypeError: no",
      "sendJson: TypeError: no",
    ]);
  });

  test("fault 188: still gives its error to whoever awaits it later", async () => {
    const { onFailedCall, untaken } = host();
    const promise = trackedRejection(mistake, "sendJson", onFailedCall);
    expect(await untaken()).toHaveLength(1);
    await expect(promise).rejects.toBe(mistake);
  });

  test("fault 188: at the end of a chain without a rejection handler, or of `finally`, is as untaken", async () => {
    const { onFailedCall, untaken } = host();
    void trackedRejection(mistake, "then", onFailedCall).then(() => {});
    void trackedRejection(mistake, "finally", onFailedCall).finally(() => {});
    void trackPromise(Promise.reject("a text"), "text", onFailedCall);
    expect(await untaken()).toEqual(["text: a text", "then: TypeError: no", "finally: TypeError: no"]);
  });

  test("fault 188: is whoever's it is that threw: an error of the application's in a chain is its own", async () => {
    const { onFailedCall, untaken } = host();
    const own = new Error("the application's own");
    const seen = await unhandled(() => {
      void trackPromise(Promise.resolve(), "send", onFailedCall).then(() => {});
      void trackThen(Promise.resolve(), () => 1, "send", onFailedCall).then(() => {
        throw own;
      });
    });
    expect(seen).toEqual([own]);
    expect(await untaken()).toEqual([]);
  });

  test("fault 188: of a host without an ear is an unhandled rejection, but for the end of a connection", async () => {
    const closed = new ConnectionClosed(lostConnection);
    const seen = await unhandled(() => {
      void trackedRejection(mistake, "send", undefined);
      void trackedRejection(closed, "send", undefined);
    });
    expect(seen).toEqual([mistake]);
  });
});

test("fault 188: a rejection is taken by await, by all and race, by an async function that returns it", async () => {
  const { onFailedCall, untaken } = host();
  const make = (): Promise<never> => trackedRejection(mistake, "send", onFailedCall);
  const give = async (): Promise<never> => make();
  const caught = async (): Promise<unknown> => {
    try {
      return await make();
    } catch (error) {
      return error;
    }
  };
  expect(await caught()).toBe(mistake);
  await expect(give()).rejects.toBe(mistake);
  await expect(Promise.all([make(), make()])).rejects.toBe(mistake);
  await expect(Promise.race([make()])).rejects.toBe(mistake);
  expect(await Promise.any([make().catch(() => 1)])).toBe(1);
  expect(await untaken()).toEqual([]);
});

test("fault 188: a promise that was taken before it rejects is not told to the host at all", async () => {
  const onFailedCall = vi.fn();
  await expect(trackPromise(Promise.reject(mistake), "send", onFailedCall)).rejects.toBe(mistake);
  expect(onFailedCall).not.toHaveBeenCalled();
});

test("one that was resolved is a promise like any other", async () => {
  const tracked = trackThen(Promise.resolve(20), (value) => value + 1, "receive", undefined);
  expect(tracked).toBeInstanceOf(Promise);
  expect(await tracked).toBe(21);
  expect(await tracked.then((value) => value + 1)).toBe(22);
  expect(await tracked.finally(() => {})).toBe(21);
});

test("an error can be recovered from, at once or later", async () => {
  const recover = (): number => 7;
  const boom = (): number => {
    throw mistake;
  };
  expect(await trackThen(Promise.reject(mistake), () => 1, "next", undefined, recover)).toBe(7);
  expect(await trackThen(Promise.resolve(), boom, "next", undefined, recover)).toBe(7);
  expect(await trackThen(Promise.resolve(), async () => boom(), "next", undefined, recover)).toBe(7);
});

test("what is known to be sent is given back, one of ours is only named anew, and no promise at all is one", async () => {
  const onFailedCall = vi.fn();
  expect(trackPromise(sentAtOnce, "send", onFailedCall)).toBe(sentAtOnce);
  const failed = trackedRejection(mistake, "send", onFailedCall);
  expect(trackPromise(failed, "sendText", onFailedCall)).toBe(failed);
  expect(onFailedCall.mock.calls[0]?.[0].call).toBe("sendText");
  await expect(failed).rejects.toBe(mistake);
  expect(await trackPromise(undefined as never, "send", onFailedCall)).toBeUndefined();
});

test("what follows one of ours tells that one's host, where none is given", async () => {
  const { onFailedCall, untaken } = host();
  void trackThen(trackedRejection(mistake, "send", onFailedCall), () => {}, "after", undefined);
  expect(await untaken()).toEqual(["after: TypeError: no"]);
});
