import { expect, test, vi } from "vitest";
import { fakeTime, settled } from "../fake-socket.fixture.js";
import { answer, fail, greeted, made } from "./client.fixture.js";

test("the token of an attempt travels as a subprotocol", async () => {
  const { sockets, client } = made({ token: () => "abc" });
  client.connect().catch(() => {});
  await settled();
  expect(sockets.last.protocols).toEqual(["jsonrpc.topics.v1", "bearer.abc"]);
});

test("null is signed out: closed", async () => {
  const { client, sockets } = made({ token: () => null });
  await expect(client.connect()).rejects.toThrow("closed 3000 signed out");
  expect(sockets.all).toEqual([]);
});

test("a getter that throws, or takes 10 s, is a failed attempt", async () => {
  fakeTime();
  const signals: AbortSignal[] = [];
  const token = vi
    .fn()
    .mockRejectedValueOnce(new Error("offline"))
    .mockImplementationOnce(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    })
    .mockResolvedValue("third");
  const { client, sockets } = made({ token });
  client.connect().catch(() => {});
  await settled();
  expect(client.state).toMatchObject({ phase: "waiting", down: { reason: "Error: offline" } });
  await vi.advanceTimersByTimeAsync(500 + 10_000);
  expect(client.state).toMatchObject({ phase: "waiting", down: { reason: "no answer in time" } });
  expect(signals[0]?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sockets.last.protocols).toContain("bearer.third");
});

test("after 3000 a new token is had and the client connects at once; twice in a row it is closed", async () => {
  fakeTime();
  const token = vi.fn(({ rejected }: { rejected: boolean }) => (rejected ? "new" : "old"));
  const both = await greeted({ token });
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", { at: "e.3", recovered: true, resumable: true });
  await vi.advanceTimersByTimeAsync(6_000);
  both.sockets.last.drop(3000, "expired");
  expect(both.client.state).toMatchObject({ phase: "waiting", down: { kind: "unauthorized" } });
  await vi.advanceTimersByTimeAsync(0);
  expect(both.sockets.last.protocols).toContain("bearer.new");
  both.sockets.last.open();
  expect(both.sockets.last.framesOf("$/subscribe")).toMatchObject([{ params: { from: "e.3" } }]);
  expect(subscription.position).toBe("e.3");
  both.sockets.last.drop(4401);
  expect(both.client.state.phase).toBe("closed");
});

test("without a getter 3000 is the end", async () => {
  const both = await greeted();
  both.sockets.last.drop(3000);
  expect(both.client.state.phase).toBe("closed");
});

test.each([
  [60_000, 48_000],
  [3_600_000, 3_570_000],
])("a token that ends in %d ms is renewed after %d ms, again and again", async (expiresIn, after) => {
  fakeTime();
  const token = vi.fn().mockReturnValueOnce("one").mockReturnValueOnce("two").mockReturnValue("three");
  const both = await greeted({ token, pingInterval: 0 }, { maxMessage: 1_000, topics: 256, expiresIn });
  await vi.advanceTimersByTimeAsync(after - 1);
  expect(both.sockets.last.framesOf("$/authenticate")).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(both.sockets.last.framesOf("$/authenticate")).toMatchObject([{ params: { token: "two" } }]);
  answer(both, "$/authenticate", { expiresIn });
  await vi.advanceTimersByTimeAsync(after);
  expect(both.sockets.last.framesOf("$/authenticate")).toHaveLength(2);
  answer(both, "$/authenticate", {});
  await vi.advanceTimersByTimeAsync(after);
  expect(both.sockets.last.framesOf("$/authenticate")).toHaveLength(2);
});

test("a renewal that fails, or is refused, changes nothing", async () => {
  fakeTime();
  const token = vi
    .fn()
    .mockReturnValueOnce("one")
    .mockRejectedValueOnce(new Error("down"))
    .mockReturnValue("two");
  const hello = { maxMessage: 1_000, topics: 256, expiresIn: 60_000 };
  const both = await greeted({ token, pingInterval: 0 }, hello);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(both.sockets.last.framesOf("$/authenticate")).toEqual([]);
  both.sockets.last.hello(hello);
  await vi.advanceTimersByTimeAsync(48_000);
  fail(both, "$/authenticate", { code: -32001, message: "another user" });
  expect(both.client.state.phase).toBe("open");
});

test("without a getter nothing is renewed", async () => {
  fakeTime();
  const both = await greeted({ pingInterval: 0 }, { maxMessage: 1_000, topics: 256, expiresIn: 1_000 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(both.sockets.last.sent).toEqual([]);
});

test("who is signed out when the token is renewed is closed", async () => {
  fakeTime();
  const token = vi.fn().mockReturnValueOnce("one").mockReturnValue(null);
  const both = await greeted({ token }, { maxMessage: 1_000, topics: 256, expiresIn: 1_000 });
  const next = both.client.subscribe("said")[Symbol.asyncIterator]().next();
  const ended = expect(next).rejects.toThrow("closed 3000 signed out");
  await vi.advanceTimersByTimeAsync(800);
  expect(both.client.state).toMatchObject({ phase: "closed", down: { code: 3000, reason: "signed out" } });
  await ended;
});

test("a token that comes when its connection is gone is not sent", async () => {
  fakeTime();
  let give: (token: string) => void = () => {};
  const token = vi
    .fn()
    .mockReturnValueOnce("one")
    .mockImplementationOnce(() => new Promise((resolve) => (give = resolve)))
    .mockReturnValue("three");
  const both = await greeted({ token }, { maxMessage: 1_000, topics: 256, expiresIn: 1_000 });
  await vi.advanceTimersByTimeAsync(800);
  both.sockets.last.drop();
  give("two");
  await vi.advanceTimersByTimeAsync(500);
  expect(both.sockets.all.flatMap((socket) => socket.framesOf("$/authenticate"))).toEqual([]);
});
