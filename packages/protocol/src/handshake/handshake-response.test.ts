import { expect, test } from "vitest";
import { handshakeResponse } from "./handshake-response.js";

const key = "dGhlIHNhbXBsZSBub25jZQ==";
const start = [
  "HTTP/1.1 101 Switching Protocols",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
];

test("an answer completes the handshake, and names nothing that was not agreed on (RFC 6455 §1.3)", () => {
  expect(handshakeResponse({ key }).split("\r\n")).toEqual([...start, "", ""]);
});

test("an answer names the subprotocol and the extensions, and has the headers that it was given, in order", () => {
  const answer = {
    key,
    subprotocol: "chat",
    extensions: "permessage-deflate; server_no_context_takeover",
    headers: [
      ["Set-Cookie", "a=1"],
      ["set-cookie", "é"],
    ] as const,
  };
  expect(handshakeResponse(answer).split("\r\n")).toEqual([
    ...start,
    "Sec-WebSocket-Protocol: chat",
    "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover",
    "set-cookie: a=1",
    "set-cookie: é",
    "",
    "",
  ]);
});
