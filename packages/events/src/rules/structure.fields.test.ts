import { describe, expect, test } from "vitest";
import { type Case, refuses } from "./refused-field.fixture.js";
import { receiveEventProblem, sendEventProblem } from "./structure.js";

const bytes = new Uint8Array([1]);

describe.each([
  ["websocket.send", sendEventProblem],
  ["websocket.receive", receiveEventProblem],
] as const)("%s", (type, problemOf) => {
  test("holds exactly one of text and bytes", () => {
    expect(problemOf({ type, text: "hi" })).toBeUndefined();
    expect(problemOf({ type, bytes })).toBeUndefined();
    expect(problemOf({ type, text: "hi", bytes: undefined })).toBeUndefined();
    expect(problemOf({ type, bytes, text: undefined })).toBeUndefined();
    expect(problemOf({ type, text: "hi", bytes })).toBe(
      `${type}: expected exactly one of text and bytes, got both`,
    );
    expect(problemOf({ type, text: "hi", bytes: null })).toMatch("got both");
    expect(problemOf({ type })).toBe(`${type}: expected exactly one of text and bytes, got neither`);
    expect(problemOf({ type, text: undefined, bytes: undefined })).toMatch("got neither");
  });

  test("takes an empty message like any other", () => {
    expect(problemOf({ type, text: "" })).toBeUndefined();
    expect(problemOf({ type, bytes: new Uint8Array(0) })).toBeUndefined();
  });

  test("takes any view of bytes, and nothing that only holds them", () => {
    expect(problemOf({ type, bytes: Buffer.from("a") })).toBeUndefined();
    expect(problemOf({ type, bytes: new Uint8Array(new SharedArrayBuffer(1)) })).toBeUndefined();
    refuses(problemOf, { type, bytes }, "bytes", [
      ["bytes: expected a Uint8Array, got an object", new ArrayBuffer(1), new Uint16Array(1), new Blob([])],
      ["bytes: expected a Uint8Array, got an array", [1, 2]],
      ["bytes: expected a Uint8Array, got null", null],
      ["bytes: expected a Uint8Array, got a string of 2", "hi"],
    ]);
  });

  test("takes Unicode for text, and nothing that only looks like it", () => {
    expect(problemOf({ type, text: "naïve 😀 \0 \uffff" })).toBeUndefined();
    refuses(problemOf, { type, text: "hi" }, "text", [
      ["text: expected Unicode, got a lone surrogate", "\ud800", "a\udc00b", "\ude00\ud83d"],
      ["text: expected a string, got null", null],
      ["text: expected a string, got 1", 1],
      ["text: expected a string, got an object", new String("hi"), bytes],
      ["text: expected a string, got boolean", true],
      ["text: expected a string, got bigint", 1n],
      ["text: expected a string, got symbol", Symbol("hi")],
      ["text: expected a string, got function", () => "hi"],
    ]);
  });
});

describe("websocket.accept", () => {
  const good = { type: "websocket.accept", subprotocol: "chat", headers: [["x-a", "b"]] };

  test("needs no field", () => {
    expect(sendEventProblem({ type: "websocket.accept" })).toBeUndefined();
    expect(sendEventProblem({ ...good, subprotocol: undefined, headers: undefined })).toBeUndefined();
  });

  test("takes a token for a subprotocol", () => {
    refuses(sendEventProblem, good, "subprotocol", [
      ["subprotocol: expected an RFC 9110 token", "", "a b", "a\r\nSet-Cookie: x", "ä", null, 1, ["chat"]],
    ]);
  });

  test("takes no header that is the server's or that breaks a line", () => {
    refuses(sendEventProblem, good, "headers", [
      ["headers: expected a list of [name, value]", null, {}],
      ["headers[0]: Sec-WebSocket-Protocol is set by the server alone", [["Sec-WebSocket-Protocol", "x"]]],
      ["headers[0]: upgrade is set by the server alone", [["upgrade", "x"]]],
      ["headers[0]: content-length is set by the server alone", [["content-length", "0"]]],
      [
        "headers[0]: expected for x-a a latin-1 string without CR, LF, NUL or other controls",
        [["x-a", "b\r\nset-cookie: c"]],
      ],
    ]);
  });
});

describe("websocket.close", () => {
  const good = { type: "websocket.close", code: 1000, reason: "bye" };
  const expected = "code: expected 1000-1003, 1007-1014 or 3000-4999, got";

  test("needs no field", () => {
    expect(sendEventProblem({ type: "websocket.close" })).toBeUndefined();
    expect(sendEventProblem({ ...good, code: undefined, reason: undefined })).toBeUndefined();
  });

  test("takes a code that may go on the wire", () => {
    for (const code of [1000, 1003, 1007, 1014, 3000, 4999]) {
      expect(sendEventProblem({ ...good, code })).toBeUndefined();
    }
    const numbers = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535, -1, 1000.5, Number.NaN];
    refuses(sendEventProblem, good, "code", [
      ...numbers.map((code): Case => [`${expected} ${code}`, code]),
      [`${expected} a string of 4`, "1000"],
      [`${expected} null`, null],
      [`${expected} an object`, new Number(1000)],
    ]);
  });

  test("takes a reason of at most 123 bytes of UTF-8, counted in bytes", () => {
    const fitting = ["", "x".repeat(123), "é".repeat(61), "€".repeat(41), `${"😀".repeat(30)}abc`];
    for (const reason of fitting) expect(sendEventProblem({ ...good, reason })).toBeUndefined();
    const most = "reason: expected at most 123 bytes of UTF-8, got";
    refuses(sendEventProblem, good, "reason", [
      [`${most} 124`, "x".repeat(124), "é".repeat(62), `${"€".repeat(41)}x`, "😀".repeat(31)],
      [`${most} 164`, "😀".repeat(41)],
      ["reason: expected Unicode, got a lone surrogate", "\ud800"],
      ["reason: expected a string, got null", null],
      ["reason: expected a string, got 1", 1],
    ]);
  });
});

describe("websocket.disconnect", () => {
  const good = { type: "websocket.disconnect", code: 1005, reason: "" };

  test("needs both its code and its reason", () => {
    refuses(receiveEventProblem, good, "code", [["code: expected a close code, got undefined", undefined]]);
    refuses(receiveEventProblem, good, "reason", [["reason: expected a string, got undefined", undefined]]);
  });

  test("takes any close code, also those that are never on the wire", () => {
    for (const code of [1000, 1005, 1006, 1015, 2999, 4999]) {
      expect(receiveEventProblem({ ...good, code })).toBeUndefined();
    }
    refuses(receiveEventProblem, good, "code", [
      ["code: expected a close code, got 999", 999],
      ["code: expected a close code, got 5000", 5000],
      ["code: expected a close code, got 1000.5", 1000.5],
      ["code: expected a close code, got a string of 4", "1000"],
      ["code: expected a close code, got null", null],
    ]);
  });
});

describe.each([
  ["websocket.http.response.start", 300],
  ["http.response.start", 200],
] as const)("%s", (type, lowest) => {
  test(`needs a status of ${lowest} to 599`, () => {
    expect(sendEventProblem({ type, status: lowest })).toBeUndefined();
    expect(sendEventProblem({ type, status: 599 })).toBeUndefined();
    const expected = `status: expected ${lowest}-599, got`;
    refuses(sendEventProblem, { type, status: 403 }, "status", [
      ...[0, 101, lowest - 1, 600, 403.5, Number.NaN].map(
        (status): Case => [`${expected} ${status}`, status],
      ),
      [`${expected} undefined`, undefined],
      [`${expected} a string of 3`, "403"],
    ]);
  });

  test("takes headers", () => {
    const good = { type, status: 403, headers: [["content-length", "0"]] };
    refuses(sendEventProblem, good, "headers", [["headers[0]: expected [name, value]", [["x-a"]]]]);
  });
});

test("a denial may not speak of the hop, a response may", () => {
  const headers = [["connection", "close"]];
  expect(sendEventProblem({ type: "websocket.http.response.start", status: 403, headers })).toBe(
    "websocket.http.response.start: headers[0]: connection is set by the server alone",
  );
  expect(sendEventProblem({ type: "http.response.start", status: 403, headers })).toBeUndefined();
});

describe.each([
  ["websocket.http.response.body", sendEventProblem],
  ["http.response.body", sendEventProblem],
  ["http.request", receiveEventProblem],
] as const)("%s", (type, problemOf) => {
  const good = { type, body: bytes, moreBody: true };

  test("holds bytes, and whether more are to come", () => {
    refuses(problemOf, good, "body", [
      ["body: expected a Uint8Array, got null", null],
      ["body: expected a Uint8Array, got a string of 2", "hi"],
    ]);
    refuses(problemOf, good, "moreBody", [
      ["moreBody: expected a boolean, got null", null],
      ["moreBody: expected a boolean, got 1", 1],
    ]);
  });

  test("needs both in a request, neither in a response", () => {
    const needed = type === "http.request";
    const [body, moreBody] = [
      { type, moreBody: false },
      { type, body: bytes },
    ].map(problemOf);
    expect(body).toBe(needed ? `${type}: body: expected a Uint8Array, got undefined` : undefined);
    expect(moreBody).toBe(needed ? `${type}: moreBody: expected a boolean, got undefined` : undefined);
  });
});

describe("lifespan", () => {
  test.each(["lifespan.startup.complete", "lifespan.shutdown.complete"])("%s needs no field", (type) => {
    expect(sendEventProblem({ type })).toBeUndefined();
  });

  test.each(["lifespan.startup.failed", "lifespan.shutdown.failed"])("%s may hold a message", (type) => {
    expect(sendEventProblem({ type })).toBeUndefined();
    refuses(sendEventProblem, { type, message: "no database" }, "message", [
      ["message: expected a string, got null", null],
      ["message: expected a string, got an object", new Error("no database")],
    ]);
  });
});

describe("what an application receives without a field", () => {
  test.each(["websocket.connect", "http.disconnect", "lifespan.startup", "lifespan.shutdown"])(
    "%s",
    (type) => {
      expect(receiveEventProblem({ type })).toBeUndefined();
    },
  );
});
