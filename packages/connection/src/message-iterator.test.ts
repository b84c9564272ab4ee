import type { FailedCall, ReceiveEvent, WebSocketReceiveEvent } from "@ws/events";
import { Driver, webSocketScope } from "@ws/testing/driver";
import { describe, expect, test, vi } from "vitest";
import { CloseTracker } from "./close-tracker.js";
import { bytes, connected, disconnected, rejection, text } from "./events.fixture.js";
import { FakeInbox } from "./inbox.fixture.js";
import { bytesOf, payloadOf, textOf } from "./message.js";
import { MessageIterator } from "./message-iterator.js";
import { ReceiveState } from "./receive-state.js";

interface Made {
  readonly received: ReceiveState;
  readonly closing: CloseTracker;
  readonly receive: ReturnType<typeof vi.fn<() => Promise<ReceiveEvent>>>;
}

/** What comes in on a connection that was accepted. */
function make(...events: readonly ReceiveEvent[]): Made {
  const driver = new Driver(connected, ...events);
  const receive = vi.fn(driver.receive);
  const closing = new CloseTracker(webSocketScope());
  const received = new ReceiveState(receive, closing);
  received.isAnswered = true;
  return { received, closing, receive };
}

async function all(values: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

test("gives one message after another, each read, until the end", async () => {
  const { received } = make(text("a"), bytes(1), disconnected());
  expect(await all(new MessageIterator(received, payloadOf, undefined))).toEqual(["a", Uint8Array.of(1)]);
});

test("waits for a message whose reading takes its time", async () => {
  const { received } = make(text("a"), text("b"), disconnected());
  const later = async (message: WebSocketReceiveEvent): Promise<string> => textOf(message);
  expect(await all(new MessageIterator(received, later, undefined))).toEqual(["a", "b"]);
});

test("asks for a message only when one is wanted", async () => {
  const { received, receive } = make(text("a"), text("b"));
  const messages = new MessageIterator(received, textOf, undefined);
  expect(receive).not.toHaveBeenCalled();
  expect(await messages.next()).toEqual({ done: false, value: "a" });
  // The connect, and the message.
  expect(receive).toHaveBeenCalledTimes(2);
});

test("messages that are asked for together come in order", async () => {
  const { received } = make(text("a"), text("b"), disconnected());
  received.note(await received.next(undefined));
  const messages = new MessageIterator(received, textOf, undefined);
  expect(await Promise.all([messages.next(), messages.next(), messages.next()])).toEqual([
    { done: false, value: "a" },
    { done: false, value: "b" },
    { done: true, value: undefined },
  ]);
});

test("throws at any error, and is over then; a new one goes on", async () => {
  const { received } = make(text("a"), bytes(1), text("b"));
  const messages = new MessageIterator(received, textOf, undefined);
  expect(await messages.next()).toEqual({ done: false, value: "a" });
  expect(await rejection(messages.next())).toMatchObject({ code: "ERR_WS_MESSAGE_TYPE" });
  expect(await messages.next()).toEqual({ done: true, value: undefined });
  expect(await new MessageIterator(received, textOf, undefined).next()).toEqual({ done: false, value: "b" });
});

test("is over where the reading tells the connection's own end, at once or later", async () => {
  for (const read of [
    (error: unknown): never => {
      throw error;
    },
    (error: unknown): Promise<never> => Promise.reject(error),
  ]) {
    const { received, closing } = make(text("a"), text("b"));
    const reader = (): Promise<never> => {
      closing.disconnected({ type: "websocket.disconnect", code: 1001, reason: "" });
      return read(closing.error);
    };
    expect(await all(new MessageIterator(received, reader, undefined))).toEqual([]);
    expect(await new MessageIterator(received, reader, undefined).next()).toEqual({
      done: true,
      value: undefined,
    });
  }
});

test("a break takes nothing more", async () => {
  const { received, receive } = make(text("a"), text("b"), disconnected());
  const messages = new MessageIterator(received, textOf, undefined);
  for await (const message of messages) {
    expect(message).toBe("a");
    break;
  }
  const asked = receive.mock.calls.length;
  expect(await messages.next()).toEqual({ done: true, value: undefined });
  expect(receive).toHaveBeenCalledTimes(asked);
});

test("fault 188: a loop takes its messages without more promises, and one that was asked for by hand ends no process", async () => {
  const { received } = make(text("a"), bytes(1), disconnected());
  const failed: FailedCall[] = [];
  const messages = new MessageIterator(received, textOf, undefined, (call) => failed.push(call), true);
  expect(await messages.next()).toEqual({ done: false, value: "a" });
  // An unhandled rejection would fail the run.
  void messages.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(failed).toEqual([]);
  expect(await messages.next()).toEqual({ done: true, value: undefined });
});

test("fault 188: of two messages that are asked for at a time, the second tells of its error", async () => {
  const { received } = make(text("a"), bytes(1), disconnected());
  await received.connect();
  const failed: FailedCall[] = [];
  const messages = new MessageIterator(received, textOf, undefined, (call) => failed.push(call), true);
  const first = messages.next();
  void messages.next();
  expect(await first).toEqual({ done: false, value: "a" });
  await new Promise((resolve) => setImmediate(resolve));
  expect(failed).toMatchObject([{ call: "next", isTaken: false }]);
});

test("a loop ends with an error of a reading that takes its time", async () => {
  const { received } = make(text("a"), text("b"), disconnected());
  const later = async (message: WebSocketReceiveEvent): Promise<string> => {
    if (textOf(message) === "b") throw new Error("no b");
    return "a";
  };
  const seen: string[] = [];
  const loop = async (): Promise<void> => {
    for await (const value of new MessageIterator(received, later, undefined)) seen.push(value);
  };
  expect(await rejection(loop())).toMatchObject({ message: "no b" });
  expect(seen).toEqual(["a"]);
});

/** What comes in on a connection that was accepted, from a server that offers an inbox. */
async function makeDirect(
  ...events: readonly ReceiveEvent[]
): Promise<{ readonly inbox: FakeInbox; readonly received: ReceiveState }> {
  const inbox = new FakeInbox(connected, ...events);
  const received = new ReceiveState(inbox.receive, new CloseTracker(webSocketScope()));
  await received.connect();
  received.isAnswered = true;
  return { inbox, received };
}

/** Lets what is resolved arrive. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe("where nothing stands between the loop and the server", () => {
  test("takes what is there and waits for the rest, in order, without a promise of the server's", async () => {
    const { inbox, received } = await makeDirect(text("a"), bytes(1));
    const seen = all(new MessageIterator(received, payloadOf, undefined, undefined, true));
    await settle();
    inbox.tell(text("b"));
    inbox.tell(text("c"));
    await settle();
    inbox.tell(disconnected());
    expect(await seen).toEqual(["a", Uint8Array.of(1), "b", "c"]);
    expect(inbox.promises).toBe(0);
  });

  test.each([
    ["text", textOf, text("a"), bytes(1)],
    ["bytes", bytesOf, bytes(1), text("a")],
  ])(
    "a loop over %s ends at a message that is none, though it waited for it",
    async (_, decode, good, bad) => {
      const { inbox, received } = await makeDirect();
      const messages = new MessageIterator<unknown>(received, decode, undefined);
      const seen: unknown[] = [];
      const failing = rejection(
        (async () => {
          for await (const value of messages) seen.push(value);
        })(),
      );
      await settle();
      inbox.tell(good);
      await settle();
      inbox.tell(bad);
      expect(await failing).toMatchObject({ code: "ERR_WS_MESSAGE_TYPE" });
      expect(seen).toHaveLength(1);
      expect(inbox.promises).toBe(0);
      expect(await messages.next()).toEqual({ done: true, value: undefined });
    },
  );

  test("reads in its own turn what an application's own code reads, for a schema may do anything", async () => {
    const { inbox, received } = await makeDirect();
    const read = vi.fn((message: WebSocketReceiveEvent) => textOf(message));
    const seen = all(new MessageIterator(received, read, undefined));
    await settle();
    inbox.tell(text("a"));
    expect(read).not.toHaveBeenCalled();
    inbox.tell(disconnected());
    expect(await seen).toEqual(["a"]);
  });

  test("waits for a reading that takes its time, and asks for the next only then", async () => {
    const { received } = await makeDirect(text("a"), text("b"), disconnected());
    const later = async (message: WebSocketReceiveEvent): Promise<string> => textOf(message);
    expect(await all(new MessageIterator(received, later, undefined))).toEqual(["a", "b"]);
  });

  test("who asks by hand meanwhile gets the message behind", async () => {
    const { inbox, received } = await makeDirect();
    const messages = new MessageIterator(received, payloadOf, undefined, undefined, true);
    const both = Promise.all([messages.next(), messages.next()]);
    inbox.tell(text("a"));
    inbox.tell(text("b"));
    expect(await both).toEqual([
      { done: false, value: "a" },
      { done: false, value: "b" },
    ]);
  });

  test("an event that can't come ends the loop with its error, be it there or waited for", async () => {
    const there = await makeDirect(connected);
    const error = { code: "ERR_WS_EVENT_ORDER" };
    expect(
      await rejection(all(new MessageIterator(there.received, payloadOf, undefined, undefined, true))),
    ).toMatchObject(error);
    const later = await makeDirect();
    const failing = rejection(
      all(new MessageIterator(later.received, payloadOf, undefined, undefined, true)),
    );
    await settle();
    later.inbox.tell(connected);
    expect(await failing).toMatchObject(error);
  });

  test.each([
    ["is there", true],
    ["is waited for", false],
  ])("fault 188: one that was asked for by hand ends no process, where the event %s", async (_, isThere) => {
    const { inbox, received } = await makeDirect(...(isThere ? [connected] : []));
    const messages = new MessageIterator(received, payloadOf, undefined, () => {}, true);
    // An unhandled rejection would fail the run.
    void messages.next();
    if (!isThere) inbox.tell(connected);
    await settle();
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  test("a call with a signal has the loop ask by promises from then on: an event that nobody took is not lost", async () => {
    const { inbox, received } = await makeDirect();
    const gone = new AbortController();
    const waiting = received.next(gone.signal);
    gone.abort();
    await rejection(waiting);
    inbox.tell(text("a"));
    inbox.tell(disconnected());
    expect(await all(new MessageIterator(received, payloadOf, undefined, undefined, true))).toEqual(["a"]);
  });
});
