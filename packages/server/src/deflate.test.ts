import { expect, test } from "vitest";
import { agreedWindow, Deflate } from "./deflate.js";
import { type DeflateParts, DeflateSender } from "./deflate-sender.js";

const switching = "HTTP/1.1 101 Switching Protocols";
const extension = "Sec-WebSocket-Extensions: permessage-deflate";

test.each([
  [[switching], undefined],
  [[switching, extension], 0],
  [[switching, `${extension}; server_max_window_bits=10; client_no_context_takeover`], 0],
  [[switching, `${extension}; server_no_context_takeover`], 15],
  [[`${extension}; server_no_context_takeover; server_max_window_bits=9`, "x-a: 1"], 9],
  [[`${extension}; client_max_window_bits=9; server_no_context_takeover`], 15],
])("%o agrees on a window of %o bits", (lines, window) => {
  expect(agreedWindow(lines)).toBe(window);
});

const parts: DeflateParts = {
  compressor: { bufferedAmount: 0, send: () => {} },
  socket: { writableLength: 0 },
  outbox: { pending: 0, send: () => {}, push: () => {}, flush: () => {} },
  owner: { drained: () => {} },
};

test("a connection that negotiated nothing has no such sender, nor has a server that is not asked to compress", () => {
  const deflate = new Deflate(true);
  expect(deflate.sender(parts)).toBeUndefined();
  deflate.note([extension]);
  expect(deflate.sender(parts)).toBeInstanceOf(DeflateSender);
  deflate.note([switching]);
  expect(deflate.sender(parts)).toBeUndefined();
  const off = new Deflate(false);
  off.note([extension]);
  expect(off.sender(parts)).toBeUndefined();
});
