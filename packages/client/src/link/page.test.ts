import { expect, test, vi } from "vitest";
import { type FakeSockets, fakeSockets, fakeTime, settled } from "../fake-socket.fixture.js";
import { createSocket, type TypedSocket } from "../socket.js";

/** A window with a document, as far as a client looks at it. */
class FakePage extends EventTarget {
  readonly document = { hidden: false };
  listeners = 0;

  constructor() {
    super();
    vi.stubGlobal("document", this.document);
    for (const name of ["addEventListener", "removeEventListener"] as const) {
      const step = name === "addEventListener" ? 1 : -1;
      vi.stubGlobal(name, (type: string, listener: () => void, capture: boolean) => {
        this.listeners += step;
        this[name](type, listener, capture);
      });
    }
  }

  tell(type: string, fields: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }
}

interface Made {
  readonly page: FakePage;
  readonly sockets: FakeSockets;
  readonly socket: TypedSocket;
}

/** An open socket in a page, with a heartbeat after 25 s. */
async function inPage(): Promise<Made> {
  fakeTime({ random: 0.999_999 });
  const page = new FakePage();
  const sockets = fakeSockets();
  const heartbeat = { every: 25_000, message: "ping", isReply: (data: unknown) => data === "pong" };
  const socket = createSocket("ws://test/", { WebSocket: sockets.WebSocket, heartbeat });
  socket.connect().catch(() => {});
  await settled();
  sockets.last.open();
  return { page, sockets, socket };
}

test("nobody listens to a page before something is dialed, nor after the end", async () => {
  const { page, socket } = await inPage();
  expect(page.listeners).toBe(7);
  socket.close();
  expect(page.listeners).toBe(0);
});

test.each(["visibilitychange", "online", "offline", "pageshow", "resume"])(
  "%s asks for a sign of life, for which there are 3 s",
  async (type) => {
    const { page, sockets, socket } = await inPage();
    page.tell(type);
    expect(sockets.last.sent).toEqual(["ping"]);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(socket.state.phase).toBe("open");
    await vi.advanceTimersByTimeAsync(1);
    expect(socket.state).toMatchObject({ phase: "waiting", down: { reason: "no sign of life" } });
  },
);

test("with a sign of life the connection stays", async () => {
  const { page, sockets, socket } = await inPage();
  page.tell("online");
  sockets.last.message("pong");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(socket.state.phase).toBe("open");
});

test.each(["visibilitychange", "online", "pageshow", "resume"])(
  "%s brings the next attempt forward",
  async (type) => {
    const { page, sockets } = await inPage();
    sockets.last.drop();
    page.tell(type);
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets.all).toHaveLength(2);
  },
);

test("offline stops nothing: the next attempt comes when it would have come", async () => {
  const { page, sockets } = await inPage();
  sockets.last.drop();
  page.tell("offline");
  await vi.advanceTimersByTimeAsync(998);
  expect(sockets.all).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(sockets.all).toHaveLength(2);
});

test("a hidden page asks for nothing, and what happens in it wakes nobody", async () => {
  const { page, sockets, socket } = await inPage();
  page.document.hidden = true;
  page.tell("visibilitychange");
  page.tell("online");
  await vi.advanceTimersByTimeAsync(120_000);
  expect([sockets.last.sent, socket.state.phase]).toEqual([[], "open"]);
  page.document.hidden = false;
  page.tell("visibilitychange");
  expect(sockets.last.sent).toEqual(["ping"]);
});

test.each([
  ["pagehide", { persisted: true }, "pageshow"],
  ["freeze", {}, "resume"],
])(
  "%s closes the socket, for only so the browser keeps the page; %s dials anew",
  async (away, fields, back) => {
    const { page, sockets, socket } = await inPage();
    page.tell(away, fields);
    expect([sockets.last.closedWith, socket.state]).toMatchObject([
      1005,
      { phase: "waiting", down: { reason: "the page was put away" } },
    ]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sockets.all).toHaveLength(1);
    page.tell(away, fields);
    page.tell(back);
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets.all).toHaveLength(2);
  },
);

test("a page that goes for good closes nothing itself", async () => {
  const { page, sockets } = await inPage();
  page.tell("pagehide", { persisted: false });
  expect(sockets.last.closedWith).toBeUndefined();
});

test("a page that is put away with a socket that may not come back leaves it closed", async () => {
  fakeTime();
  const page = new FakePage();
  const sockets = fakeSockets();
  const socket = createSocket("ws://test/", { WebSocket: sockets.WebSocket, retryOn: () => false });
  socket.connect().catch(() => {});
  await settled();
  page.tell("freeze");
  page.tell("resume");
  expect([socket.state.phase, page.listeners]).toEqual(["closed", 0]);
});

test("a document without a window is no page", async () => {
  vi.stubGlobal("document", { hidden: true });
  const sockets = fakeSockets();
  const socket = createSocket("ws://test/", { WebSocket: sockets.WebSocket });
  const connecting = socket.connect();
  await settled();
  sockets.last.open();
  await connecting;
  socket.close();
});
