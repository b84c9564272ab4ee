import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KeptLog } from "../raw.fixture.js";
import { RequestQueue } from "./request-queue.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A queue whose socket is paused, because so many wait, when Node finds the last request's body late. */
function overdue(): {
  readonly socket: Socket;
  readonly last: IncomingMessage;
  readonly answerAll: () => void;
} {
  const socket = new Socket();
  const owner = { headersTimeout: 500, requestTimeout: 1_000, logger: new KeptLog(), waiting: 0, idle() {} };
  const queue = new RequestQueue(socket, owner);
  const responses: ServerResponse[] = [];
  let last = new IncomingMessage(socket);
  for (let count = 0; count < 20; count += 1) {
    last = new IncomingMessage(socket);
    last.complete = false;
    const response = new ServerResponse(last);
    responses.push(response);
    queue.enter(last, response, () => {});
  }
  queue.failed("ERR_HTTP_REQUEST_TIMEOUT");
  return {
    socket,
    last,
    answerAll: () => {
      for (const response of responses) response.emit("close");
    },
  };
}

describe("a body that Node found late while the socket was paused", () => {
  test("is cut off where it does not come in its new time either", () => {
    const { socket, answerAll } = overdue();
    vi.advanceTimersByTime(10_000);
    answerAll();
    vi.advanceTimersByTime(999);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(socket.destroyed).toBe(true);
  });

  test("leaves the connection open where it comes whole in its new time", () => {
    const { socket, last, answerAll } = overdue();
    answerAll();
    vi.advanceTimersByTime(999);
    last.complete = true;
    vi.advanceTimersByTime(10_000);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});

describe("requests that are sent ahead", () => {
  test("close their socket where too many wait on all sockets of the server, and no more of them are taken", () => {
    const socket = new Socket();
    const logger = new KeptLog();
    const owner = { headersTimeout: 500, requestTimeout: 1_000, logger, waiting: 16_384, idle() {} };
    const queue = new RequestQueue(socket, owner);
    const begun: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      const request = new IncomingMessage(socket);
      queue.enter(request, new ServerResponse(request), () => begun.push(count));
    }
    expect(socket.destroyed).toBe(true);
    expect(begun).toEqual([0]);
    // Those up to the limit, and the one that was too much.
    expect(owner.waiting).toBe(16_384 + 17);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      "a socket was closed: too many requests were sent ahead",
    ]);
  });

  test("are not begun on a socket that closed while one was answered", () => {
    const socket = new Socket();
    const owner = {
      headersTimeout: 500,
      requestTimeout: 1_000,
      logger: new KeptLog(),
      waiting: 0,
      idle() {},
    };
    const queue = new RequestQueue(socket, owner);
    const request = new IncomingMessage(socket);
    const first = new ServerResponse(request);
    const begun: string[] = [];
    queue.enter(request, first, () => begun.push("first"));
    queue.enter(request, new ServerResponse(request), () => begun.push("second"));
    socket.destroy();
    first.emit("close");
    queue.leave();
    expect(begun).toEqual(["first"]);
  });
});
