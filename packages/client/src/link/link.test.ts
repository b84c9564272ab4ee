import { expect, test, vi } from "vitest";
import { FakeSocket, type FakeSockets, fakeSockets, fakeTime, settled } from "../fake-socket.fixture.js";
import { createSocket, type SocketOptions, type State, type TypedSocket } from "../socket.js";

type Options = SocketOptions<undefined, undefined>;

interface Made {
  readonly sockets: FakeSockets;
  readonly socket: TypedSocket;
  readonly phases: string[];
  readonly down: () => unknown;
}

/** A socket that has begun to connect, on a clock that stands. */
async function dialed(options: Options = {}, random = 0.5): Promise<Made> {
  fakeTime({ random });
  const sockets = fakeSockets();
  const socket = createSocket("ws://test/", { WebSocket: sockets.WebSocket, ...options });
  const phases: string[] = [];
  socket.onState(({ phase }) => phases.push(phase));
  socket.connect().catch(() => {});
  await settled();
  return { sockets, socket, phases, down: () => (socket.state as { down?: unknown }).down };
}

/** Opens the socket that is being dialed, and lets it live for so many ms. */
async function live({ sockets }: Made, ms: number): Promise<void> {
  sockets.last.open();
  await vi.advanceTimersByTimeAsync(ms);
}

function retryIn({ socket }: Made): number {
  const { state } = socket;
  return state.phase === "waiting" ? state.retryAt - Date.now() : -1;
}

/** Waits until the next attempt is under way. */
async function redialed(made: Made): Promise<void> {
  await vi.advanceTimersByTimeAsync(Math.max(0, Math.ceil(retryIn(made))));
}

test("the states of a connection that is lost and comes back, each one frozen object", async () => {
  const made = await dialed();
  const { sockets, socket, phases } = made;
  const states: State[] = [socket.state];
  socket.onState((state) => states.push(state));
  const began = Date.now();
  await live(made, 6_000);
  sockets.last.drop();
  await vi.advanceTimersByTimeAsync(500);
  expect(states).toEqual([
    { phase: "connecting", attempt: 1, since: undefined },
    { phase: "open", since: began },
    {
      phase: "waiting",
      attempt: 2,
      retryAt: began + 6_500,
      down: { code: 1006, reason: "", kind: "network" },
      unconfirmed: 0,
      since: began,
    },
    { phase: "connecting", attempt: 2, since: began },
  ]);
  expect(states.every((state) => Object.isFrozen(state))).toBe(true);
  expect(phases).toEqual(["connecting", "open", "waiting", "connecting"]);
});

test("an attempt that fails does not reject connect, and says what may be wrong", async () => {
  const made = await dialed();
  made.sockets.last.drop();
  expect(made.down()).toEqual({
    code: 1006,
    reason: "never opened: is the server up, and is this origin allowed?",
    kind: "network",
  });
  await vi.advanceTimersByTimeAsync(500);
  made.sockets.last.open();
  await made.socket.connect();
  expect(made.sockets.all).toHaveLength(2);
});

test("a handshake that fails without a close event, as in Node 22, is a failed attempt; after that an error says nothing", async () => {
  const made = await dialed();
  made.sockets.last.error();
  expect(made.down()).toMatchObject({ code: 1006, reason: expect.stringMatching(/^never opened/) });
  made.sockets.last.drop();
  await vi.advanceTimersByTimeAsync(500);
  expect(made.sockets.all).toHaveLength(2);
  made.sockets.last.open();
  made.sockets.last.error();
  expect(made.socket.state.phase).toBe("open");
});

test("the pause is chance up to 1 s, doubled with each failure, at most 30 s", async () => {
  const made = await dialed({}, 0.999_999);
  const pauses: number[] = [];
  for (let failure = 0; failure < 7; failure += 1) {
    made.sockets.last.drop();
    pauses.push(Math.round(retryIn(made)));
    await redialed(made);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("only a connection that lived 5 s proves anything", async () => {
  const made = await dialed();
  made.sockets.last.drop();
  await vi.advanceTimersByTimeAsync(500);
  await live(made, 4_999);
  made.sockets.last.drop();
  expect(retryIn(made)).toBe(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  await live(made, 5_000);
  made.sockets.last.drop();
  expect(retryIn(made)).toBe(500);
});

test.each([
  [1001, "", 500],
  [1005, "", 500],
  [1011, "", 1_000],
  [1012, "", 500],
  [1013, "", 5_500],
  [1008, "", 10_000],
  [1009, "", 500],
  [3008, "", 500],
  [4429, "retry-after=30", 30_500],
  [4503, "retry-after=2; full", 2_500],
])("after a close with %d %j it connects again in %d ms", async (code, reason, pause) => {
  const made = await dialed();
  await live(made, 6_000);
  made.sockets.last.drop(code, reason);
  expect(retryIn(made)).toBe(pause);
});

test.each([1000, 1002, 1003, 1007, 1010, 3000, 3003, 4401, 4403, 4404, 4410, 4000])(
  "after a close with %d it stays closed, in the plain mode",
  async (code) => {
    const made = await dialed();
    await live(made, 6_000);
    made.sockets.last.drop(code, "why");
    expect(made.socket.state).toMatchObject({ phase: "closed", down: { code, reason: "why" } });
  },
);

test("five closes with 1008 in a row, each soon, are the end", async () => {
  const made = await dialed();
  for (let time = 1; time <= 5; time += 1) {
    expect(made.socket.state.phase).toBe("connecting");
    await live(made, 1_000);
    made.sockets.last.drop(1008);
    await redialed(made);
  }
  expect(made.socket.state.phase).toBe("closed");
});

test("1008 after a longer life, or with another end between, does not count", async () => {
  const made = await dialed();
  for (let time = 1; time <= 12; time += 1) {
    await live(made, time % 4 === 0 ? 6_000 : 1_000);
    made.sockets.last.drop(time % 4 === 1 ? 1011 : 1008);
    await redialed(made);
  }
  expect(made.socket.state.phase).toBe("connecting");
});

test("retryOn decides where it wants to, retryDelay replaces the pause", async () => {
  const made = await dialed({
    retryOn: ({ code }) => (code === 4000 ? true : code === 1011 ? false : undefined),
    retryDelay: (attempt, { code }) => attempt * 10 + code,
  });
  made.sockets.last.drop();
  expect(retryIn(made)).toBe(1_016);
  await vi.advanceTimersByTimeAsync(1_016);
  made.sockets.last.drop(4000);
  expect(retryIn(made)).toBe(4_020);
  await vi.advanceTimersByTimeAsync(4_020);
  made.sockets.last.drop(1011);
  expect(made.socket.state.phase).toBe("closed");
});

test("retry.attempts limits the failures in a row", async () => {
  const made = await dialed({ retry: { attempts: 2 } });
  for (let failure = 0; failure < 3; failure += 1) {
    expect(made.socket.state.phase).toBe("connecting");
    made.sockets.last.drop();
    await redialed(made);
  }
  expect(made.socket.state.phase).toBe("closed");
});

test("an attempt takes 10 s at most, the address included", async () => {
  const made = await dialed();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(made.down()).toMatchObject({ code: 1006, reason: "no answer in time" });
  made.sockets.last.open();
  expect(made.phases).toEqual(["connecting", "waiting"]);
  const hanging = await dialed({ connectTimeout: 50 });
  const socket = createSocket(() => new Promise(() => {}), { WebSocket: hanging.sockets.WebSocket });
  socket.connect().catch(() => {});
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket.state).toMatchObject({ phase: "waiting", down: { reason: "no answer in time" } });
  socket.close();
});

test("an address may be asked for before each attempt; one that throws is a failed attempt", async () => {
  fakeTime();
  const sockets = fakeSockets();
  const asked = vi.fn();
  const address = (): Promise<string> => {
    asked();
    return asked.mock.calls.length === 1 ? Promise.reject(new Error("no DNS")) : Promise.resolve("ws://b/");
  };
  const socket = createSocket(address, { WebSocket: sockets.WebSocket });
  socket.connect().catch(() => {});
  await settled();
  expect(socket.state).toMatchObject({ phase: "waiting", down: { reason: "Error: no DNS" } });
  await vi.advanceTimersByTimeAsync(500);
  expect(sockets.last.url).toBe("ws://b/");
});

test("an address function that throws, where it could have rejected, is a failed attempt as well", async () => {
  fakeTime();
  const sockets = fakeSockets();
  const address = (): string => {
    throw new Error("no session");
  };
  const socket = createSocket(address, { WebSocket: sockets.WebSocket });
  socket.connect().catch(() => {});
  await settled();
  expect(socket.state).toMatchObject({ phase: "waiting", down: { reason: "Error: no session" } });
  socket.close();
});

test("an address that is none is an end, with the reason", async () => {
  const socket = createSocket("http//x", {
    WebSocket: class extends FakeSocket {
      constructor(url: string | URL) {
        super(String(url), []);
        throw new SyntaxError("Invalid URL");
      }
    },
  });
  await expect(socket.connect()).rejects.toThrow("closed 1006 SyntaxError: Invalid URL");
});

test("retry connects now, and at most once in 2 s", async () => {
  const made = await dialed({}, 0.999_999);
  for (let failure = 0; failure < 4; failure += 1) {
    made.sockets.last.drop();
    await redialed(made);
  }
  made.sockets.last.drop();
  made.socket.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(made.sockets.all).toHaveLength(6);
  made.sockets.last.drop();
  made.socket.retry();
  expect(retryIn(made)).toBe(2_000);
  await redialed(made);
  expect(made.sockets.all).toHaveLength(7);
  made.socket.retry();
  expect(made.socket.state.phase).toBe("connecting");
});

test("retry does not bring forward what the server asked for", async () => {
  const made = await dialed();
  made.sockets.last.drop(4429, "retry-after=9");
  made.socket.retry();
  expect(retryIn(made)).toBe(9_000);
  made.socket.retry();
  expect(retryIn(made)).toBe(9_000);
});

test("what an attempt brings when it is over is nobody's", async () => {
  const made = await dialed();
  const [first] = made.sockets.all;
  await live(made, 10);
  made.socket.close();
  first?.message("late");
  first?.open();
  first?.drop();
  (made.sockets.last.onerror as () => void)();
  made.socket.close();
  await settled();
  expect(made.phases).toEqual(["connecting", "open", "closed"]);
  expect(made.sockets.all).toHaveLength(1);
});

test("closed while the address is asked for, it opens no socket", async () => {
  const sockets = fakeSockets();
  let give: (url: string) => void = () => {};
  const socket = createSocket(() => new Promise<string>((resolve) => (give = resolve)), {
    WebSocket: sockets.WebSocket,
  });
  const connecting = socket.connect();
  socket.close();
  give("ws://late/");
  await expect(connecting).rejects.toMatchObject({ code: "ERR_WS_CLOSED" });
  await settled();
  expect(sockets.all).toEqual([]);
});

test("its signal closes it, also one that was aborted before", async () => {
  const { signal, abort } = ((): { signal: AbortSignal; abort: () => void } => {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort() };
  })();
  const made = await dialed({ signal });
  abort();
  expect(made.socket.state.phase).toBe("closed");
  const late = createSocket("ws://test/", { WebSocket: made.sockets.WebSocket, signal });
  expect(late.state.phase).toBe("closed");
  await expect(late.connect()).rejects.toMatchObject({ code: "ERR_WS_CLOSED" });
});

test("a listener that was removed is not called any more, and what one throws is its own", async () => {
  const thrown: unknown[] = [];
  const made = await dialed();
  const heard: string[] = [];
  const stop = made.socket.onState(({ phase }) => {
    heard.push(phase);
    stop();
  });
  made.sockets.last.open();
  made.sockets.last.drop();
  await settled();
  expect(heard).toEqual(["open"]);
  made.socket.onState(() => {
    throw new Error("its own");
  });
  made.socket.onState(({ phase }) => heard.push(phase));
  vi.stubGlobal("queueMicrotask", (call: () => void) => {
    try {
      call();
    } catch (error) {
      thrown.push(error);
    }
  });
  made.socket.close();
  expect([heard, thrown]).toEqual([["open", "closed"], [new Error("its own")]]);
});
