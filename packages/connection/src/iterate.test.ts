import type { ReceiveEvent, WebSocketReceiveEvent } from "@ws/events";
import { expect, it, vi } from "vitest";
import { Ending } from "./ending.js";
import { Incoming } from "./incoming.js";
import { Iteration } from "./iterate.js";
import { payloadOf, textOf } from "./message.js";
import { bytes, connected, disconnected, FakeWire, fakeScope, rejection, text } from "./wire.fixture.js";

interface Made {
  readonly incoming: Incoming;
  readonly ending: Ending;
  readonly receive: ReturnType<typeof vi.fn<() => Promise<ReceiveEvent>>>;
}

/** What comes in on a connection that was accepted. */
function make(...events: readonly ReceiveEvent[]): Made {
  const wire = new FakeWire().push(connected, ...events);
  const receive = vi.fn(wire.receive);
  const ending = new Ending(fakeScope());
  const incoming = new Incoming(receive, ending);
  incoming.isAnswered = true;
  return { incoming, ending, receive };
}

async function all(values: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

it("gives one message after another, each read, until the end", async () => {
  const { incoming } = make(text("a"), bytes(1), disconnected());
  expect(await all(new Iteration(incoming, payloadOf, undefined))).toEqual(["a", Uint8Array.of(1)]);
});

it("waits for a message whose reading takes its time", async () => {
  const { incoming } = make(text("a"), text("b"), disconnected());
  const later = async (message: WebSocketReceiveEvent): Promise<string> => textOf(message);
  expect(await all(new Iteration(incoming, later, undefined))).toEqual(["a", "b"]);
});

it("asks for a message only when one is wanted", async () => {
  const { incoming, receive } = make(text("a"), text("b"));
  const messages = new Iteration(incoming, textOf, undefined);
  expect(receive).not.toHaveBeenCalled();
  expect(await messages.next()).toEqual({ done: false, value: "a" });
  // The connect, and the message.
  expect(receive).toHaveBeenCalledTimes(2);
});

it("messages that are asked for together come in order", async () => {
  const { incoming } = make(text("a"), text("b"), disconnected());
  await incoming.receive(undefined);
  const messages = new Iteration(incoming, textOf, undefined);
  expect(await Promise.all([messages.next(), messages.next(), messages.next()])).toEqual([
    { done: false, value: "a" },
    { done: false, value: "b" },
    { done: true, value: undefined },
  ]);
});

it("throws at any error, and is over then; a new one goes on", async () => {
  const { incoming } = make(text("a"), bytes(1), text("b"));
  const messages = new Iteration(incoming, textOf, undefined);
  expect(await messages.next()).toEqual({ done: false, value: "a" });
  expect(await rejection(messages.next())).toMatchObject({ code: "ERR_WS_MESSAGE_TYPE" });
  expect(await messages.next()).toEqual({ done: true, value: undefined });
  expect(await new Iteration(incoming, textOf, undefined).next()).toEqual({ done: false, value: "b" });
});

it("is over where the reading tells the connection's own end, at once or later", async () => {
  for (const read of [
    (error: unknown): never => {
      throw error;
    },
    (error: unknown): Promise<never> => Promise.reject(error),
  ]) {
    const { incoming, ending } = make(text("a"), text("b"));
    const reader = (): Promise<never> => {
      ending.disconnected({ type: "websocket.disconnect", code: 1001, reason: "" });
      return read(ending.error);
    };
    expect(await all(new Iteration(incoming, reader, undefined))).toEqual([]);
  }
});

it("a break takes nothing more", async () => {
  const { incoming, receive } = make(text("a"), text("b"), disconnected());
  const messages = new Iteration(incoming, textOf, undefined);
  for await (const message of messages) {
    expect(message).toBe("a");
    break;
  }
  const asked = receive.mock.calls.length;
  expect(await messages.next()).toEqual({ done: true, value: undefined });
  expect(receive).toHaveBeenCalledTimes(asked);
});
