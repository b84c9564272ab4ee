import { type Application, ConnectionClosed, type ReceiveEvent, type Send } from "@ws/events";
import { describe, expect, test } from "vitest";
import { conformance, loopback, memory, type TestRunner, type TestTransport } from "../index.js";
import { decidedByHost, memoryHost } from "./memory-host.fixture.js";
import { decidedByWs, webSocketServer } from "./web-socket-server.fixture.js";

conformance(memory, { describe, test });
conformance(loopback, { describe, test });

/** Registers the suite but for the sentences of those names, and gives the names that were found. */
function conformanceBut(
  transport: TestTransport,
  names: readonly string[],
  register: TestRunner["test"],
): string[] {
  const decided = new Set(names);
  const found: string[] = [];
  conformance(transport, {
    describe: (name, body) => describe(name, body),
    test: (name, run) => {
      if (decided.has(name)) found.push(name);
      else register(name, run);
    },
  });
  return found;
}

const leftToWs = conformanceBut(webSocketServer, decidedByWs, (name, run) => test(`fault 209: ${name}`, run));
const leftToHost = conformanceBut(memoryHost, decidedByHost, test);

test("fault 209: what ws decides in our place is known by name", () => {
  expect(leftToWs.toSorted()).toEqual(decidedByWs.toSorted());
});

test("what a host of the session core has to see to by itself is known by name", () => {
  expect(leftToHost.toSorted()).toEqual(decidedByHost.toSorted());
});

/** Changes what applications are given, as a transport with a fault would. */
function faulty(change: (application: Application) => Application): TestTransport {
  return { name: "faulty", start: (application, options) => memory.start(change(application), options) };
}

/** Changes the events of WebSocket scopes. */
function changing(
  receive: (event: ReceiveEvent) => ReceiveEvent,
  send: (send: Send) => Send = (same) => same,
): TestTransport {
  return faulty((application) => async (scope, take, give) => {
    if (scope.type !== "websocket") return await application(scope, take, give);
    await application(scope, async () => receive(await take()), send(give));
  });
}

/** The sentences that a transport breaks. */
async function broken(transport: TestTransport, chapter: RegExp): Promise<string[]> {
  const cases: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  let current = "";
  conformance(transport, {
    describe: (name, body) => {
      current = name;
      body();
    },
    test: (name, run) => {
      if (chapter.test(current)) cases.push({ name, run });
    },
  });
  const failures: string[] = [];
  for (const { name, run } of cases) await run().catch(() => failures.push(name));
  return failures;
}

describe("a transport with a fault is found out", () => {
  test("one that loses close codes", async () => {
    const transport = changing((event) =>
      event.type === "websocket.disconnect" ? { ...event, code: 1000 } : event,
    );
    const failures = await broken(transport, /how a (connection ends|handshake is refused)/);
    expect(failures).toContain("the peer closes without a code: disconnect 1005");
    expect(failures).toContain("the peer is gone without a close frame: disconnect 1006");
  });

  test("one that takes events out of order", async () => {
    const transport = changing(
      (event) => event,
      (send) => (event) =>
        send(event).catch((error) => (error instanceof ConnectionClosed ? Promise.reject(error) : undefined)),
    );
    const failures = await broken(transport, /order|messages/);
    expect(failures).toContain(
      "while connecting, an event out of order throws and the connection can still be accepted",
    );
    expect(failures).toContain(
      "a malformed event throws, puts nothing on the wire and leaves the connection as it was",
    );
  });

  test("one that hides its lifespan", async () => {
    const transport = faulty((application) => async (scope, receive, send) => {
      if (scope.type === "lifespan") throw new TypeError("no lifespan");
      await application(scope, receive, send);
    });
    const failures = await broken(transport, /lifespan/);
    expect(failures).toContain("startup.failed aborts the start with its message");
  });
});
