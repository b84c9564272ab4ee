import { Connection } from "@ws/connection";
import type { Application } from "@ws/events";
import { connect, type TestSession } from "@ws/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { accessLog } from "./access-log.js";
import { compose } from "./composing/compose.js";
import { echo } from "./echo.fixture.js";
import type { AccessEntry, CloseEntry } from "./log/access-entry.js";
import { refused } from "./refused.fixture.js";
import { timeouts } from "./timeouts.js";

/** Collects lines, and lets a test wait for the last. */
class Log {
  readonly lines: string[] = [];
  readonly entries: AccessEntry[] = [];
  readonly #last: Promise<void>;
  #onLast: () => void = () => {};

  constructor() {
    this.#last = new Promise((resolve) => {
      this.#onLast = resolve;
    });
  }

  readonly write = (line: string, entry: AccessEntry): void => {
    this.lines.push(line);
    this.entries.push(entry);
    if (entry.event !== "open") this.#onLast();
  };

  async all(): Promise<AccessEntry[]> {
    await this.#last;
    return this.entries;
  }
}

/** Connects through the log, does something, and gives what was written. */
async function logged(
  use: (session: TestSession) => Promise<unknown>,
  application: Application = echo,
  path = "/ws/",
): Promise<{ log: Log; entries: AccessEntry[] }> {
  const log = new Log();
  await using session = await connect(accessLog({ write: log.write })(application), path);
  await use(session);
  return { log, entries: await log.all() };
}

describe("a connection", () => {
  test("has a line at its open and one at its close, with code, duration and counts", async () => {
    const { log, entries } = await logged(async (session) => {
      await session.sendText("é");
      await session.receiveText();
      await session.sendText("hi");
      await session.receiveText();
      await session.close(3001, "bye");
    });
    const [open, close] = entries;
    expect(entries).toHaveLength(2);
    expect(open).toEqual({
      event: "open",
      id: expect.stringMatching(/^\w+-\w+$/),
      client: "-",
      path: "/ws/",
    });
    expect(close).toEqual({
      ...open,
      event: "close",
      code: 3001,
      reason: "bye",
      duration: expect.any(Number),
      messagesReceived: 2,
      bytesReceived: 4,
      messagesSent: 2,
      bytesSent: 4,
    });
    expect(log.lines[0]).toMatch(/^open id=\w+-\w+ client=- path="\/ws\/"$/);
    expect(log.lines[1]).toMatch(
      /^close id=\S+ client=- path="\/ws\/" code=3001 reason=bye duration=[\d.]+ messagesReceived=2 bytesReceived=4 messagesSent=2 bytesSent=4$/,
    );
  });

  test("that is lost has the code 1006", async () => {
    const { entries } = await logged(async (session) => session.terminate());
    expect(entries[1]).toMatchObject({ event: "close", code: 1006 });
  });

  test("that the application closes has its code and reason", async () => {
    const closing: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") return await echo(scope, receive, send);
      const socket = new Connection(scope, receive, send);
      await socket.accept();
      await socket.close(4000, "enough");
    };
    const { entries } = await logged((session) => session.closed, closing);
    expect(entries[1]).toMatchObject({ event: "close", code: 4000, reason: "enough" });
  });

  test("that another middleware closes has that code and reason", async () => {
    const { entries } = await logged((session) => session.closed, timeouts({ idle: 10 })(echo));
    expect(entries[1]).toMatchObject({ event: "close", code: 1001, reason: "idle timeout" });
  });

  test("whose application fails has the code 1011", async () => {
    const failing: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") return await echo(scope, receive, send);
      await receive();
      await send({ type: "websocket.accept" });
      throw new Error("mine");
    };
    const { entries } = await logged((session) => session.thrown, failing);
    expect(entries[1]).toMatchObject({ event: "close", code: 1011, reason: "" });
  });
});

describe("a handshake that is refused has one line:", () => {
  async function refusal(application: Application): Promise<AccessEntry[]> {
    const log = new Log();
    await refused(accessLog({ write: log.write })(application));
    return await log.all();
  }

  test("with the status of the denial", async () => {
    const denying: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") return await echo(scope, receive, send);
      await new Connection(scope, receive, send).deny({ status: 401 });
    };
    const entries = await refusal(denying);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      event: "refused",
      path: "/ws/",
      status: 401,
      duration: expect.any(Number),
    });
  });

  test("with 500 where the application fails", async () => {
    expect(await refusal(() => Promise.reject(new Error("mine")))).toMatchObject([
      { event: "refused", status: 500 },
    ]);
  });

  test("with 403 where the application returns", async () => {
    expect(await refusal(async () => {})).toMatchObject([{ event: "refused", status: 403 }]);
  });
});

test("the query is never written", async () => {
  const { log } = await logged((session) => session.close(), echo, "/ws/?token=secret");
  expect(log.lines).toHaveLength(2);
  expect(JSON.stringify([log.lines, log.entries])).not.toMatch(/token|secret|\?/);
});

test("control characters, ESC and what is not ASCII are written escaped, in path and reason", async () => {
  const { log, entries } = await logged(
    (session) => session.close(3000, "\x1b[2J\nopen id=1"),
    echo,
    "/%0d%0aclose/%1b[31m/%c3%a9/",
  );
  const path = "/\\r\\nclose/\\u001b[31m/\\u00e9/";
  expect(entries[0]).toMatchObject({ path });
  expect(entries[1]).toMatchObject({ path, reason: "\\u001b[2J\\nopen id=1" });
  for (const line of log.lines) expect(line).toMatch(/^[ -~]+$/);
  expect(log.lines[1]).toContain(`reason="\\u001b[2J\\nopen id=1"`);
});

test("a write that throws ends no connection", async () => {
  const write = (): void => {
    throw new Error("the disk is full");
  };
  await using session = await connect(compose(accessLog({ write }))(echo), "/ws/");
  await session.sendText("hi");
  expect(await session.receiveText()).toBe("hi");
  expect(await session.close(3000)).toMatchObject({ code: 3000 });
});

test("an entry is told apart by its event", () => {
  expectTypeOf<Extract<AccessEntry, { event: "close" }>>().toEqualTypeOf<CloseEntry>();
  expectTypeOf<AccessEntry["event"]>().toEqualTypeOf<"open" | "close" | "refused">();
});
