import { ConnectionClosed, type HeaderList, ProtocolError, type SendEvent } from "@ws/events";
import { expect, test } from "vitest";
import { handshake, KeptLog } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { type Answer, ask, once, short, withLines } from "../handshake.fixture.js";

interface Seen {
  readonly answer: Answer;
  /** What escaped the application. */
  readonly result: unknown;
  readonly logged: readonly string[];
}

/** What a client gets of an application that sends these events. */
async function answerTo(events: readonly unknown[], request: string = handshake()): Promise<Seen> {
  const logger = new KeptLog();
  const { application, outcome } = once(async (send) => {
    for (const event of events) await send(event as SendEvent);
  });
  await using server = await serve(application, { ...short, logger });
  const answer = await ask(server, request);
  return { answer, result: (await outcome).result, logged: logger.of("error") };
}

const accept = { type: "websocket.accept" };

/** The events must be refused, and the client must get 500 and nothing of what they said. */
async function expectRefused(...events: readonly unknown[]): Promise<void> {
  const { answer, result, logged } = await answerTo(events, withLines("Sec-WebSocket-Protocol: a"));
  expect(result).toBeInstanceOf(ProtocolError);
  expect(answer).toMatchObject({ status: 500, body: "", responses: 1 });
  expect([...answer.headers.keys()]).toEqual(["content-length", "connection"]);
  expect(logged).toEqual(["the application failed"]);
}

test("fault 45: a subprotocol that was not offered throws to the application, and the client gets 500", async () => {
  for (const subprotocol of ["b", "A", "a, a", ""]) await expectRefused({ ...accept, subprotocol });
});

test("fault 46: a subprotocol that holds a header line throws, and no header is injected", async () => {
  for (const subprotocol of ["a\r\nSet-Cookie: x", "a\r\n\r\nx", "a\0"]) {
    await expectRefused({ ...accept, subprotocol });
  }
});

test("fault 47: a header with CR, LF, NUL or a name that is no token throws, and nothing is written", async () => {
  const headers: HeaderList = [
    ["x-a", "a\r\nSet-Cookie: x"],
    ["x-a", "a\nb"],
    ["x-a", "a\0b"],
    ["x-a", "a\x7fb"],
    ["x-a", "\u0100"],
    ["x a", "b"],
    ["x-a\r\nx-b", "b"],
    ["x-a:", "b"],
    ["", "b"],
  ];
  for (const header of headers) await expectRefused({ ...accept, headers: [header] });
});

test("fault 48: a header of the handshake itself throws, in any case", async () => {
  for (const name of [
    "sec-websocket-protocol",
    "Sec-WebSocket-Accept",
    "sec-websocket-extensions",
    "upgrade",
    "Connection",
    "content-length",
    "Transfer-Encoding",
    "keep-alive",
    "trailer",
  ]) {
    await expectRefused({ ...accept, headers: [[name, "x"]] });
  }
});

test("fault 55: a send before accept throws, and the client gets 500", async () => {
  await expectRefused({ type: "websocket.send", text: "x" });
});

test("fault 55: an accept after a close finds the connection closed, and the refusal stands", async () => {
  const { answer, result } = await answerTo([{ type: "websocket.close" }, accept]);
  expect(result).toBeInstanceOf(ConnectionClosed);
  expect(answer).toMatchObject({ status: 403, body: "", responses: 1 });
});

test("fault 55: a second accept throws to the application, and the connection ends with 1011", async () => {
  const { answer, result } = await answerTo([accept, accept]);
  expect(result).toBeInstanceOf(ProtocolError);
  expect(answer).toMatchObject({ status: 101, body: "\x88\x02\x03\xf3", responses: 1 });
});

const start = (status: unknown, headers?: unknown): unknown => ({
  type: "websocket.http.response.start",
  status,
  headers,
});
const body = { type: "websocket.http.response.body", body: Buffer.from("no") };

test("fault 56: a denial may have any status from 300 to 599, its headers and a body in parts", async () => {
  for (const status of [300, 401, 599]) {
    const { answer } = await answerTo([start(status, [["x-a", "b"]]), { ...body, moreBody: true }, body]);
    expect(answer).toMatchObject({ status, body: "nono", responses: 1 });
    expect(answer.headers.get("x-a")).toBe("b");
  }
});

test("fault 56: a denial with another status, or with a header that is none, throws, and the client gets 500", async () => {
  for (const status of [101, 200, 204, 299, 600, 403.5, "403", undefined]) await expectRefused(start(status));
  for (const header of [["x-a", "a\r\nb"], ["x\n", "a"], ["connection", "keep-alive"], ["x-a"]]) {
    await expectRefused(start(403, [header]));
  }
});

test("fault 56: a body before the start of a denial throws, and the client gets 500", async () => {
  await expectRefused(body);
});

test("fault 56: a second start of a denial throws, and the connection is cut off", async () => {
  const { answer, result } = await answerTo([start(403), start(404)]);
  expect(result).toBeInstanceOf(ProtocolError);
  expect(answer).toMatchObject({ status: 403, body: "", responses: 1 });
});

test("fault 56: a body after a denial's end finds the connection closed, and is not written", async () => {
  const { answer, result } = await answerTo([start(403), body, body]);
  expect(result).toBeInstanceOf(ConnectionClosed);
  expect(answer).toMatchObject({ status: 403, body: "no", responses: 1 });
});
