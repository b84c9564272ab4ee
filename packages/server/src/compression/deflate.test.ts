import { describe, expect, test } from "vitest";
import { deflateSettings } from "../options/deflate-options.js";
import { ContextInflater } from "./context-inflater.js";
import { Deflate } from "./deflate.js";
import { MessageInflater } from "./message-inflater.js";

function make(options: Parameters<typeof deflateSettings>[0]): Deflate {
  const settings = deflateSettings(options);
  if (settings === false) throw new TypeError("expected options of permessage-deflate");
  return new Deflate(settings, 1_000);
}

const offer = (line: string) => [["sec-websocket-extensions", line]] as const;

describe("a handshake", () => {
  test("that offers nothing, or nothing that can be accepted, agrees on nothing", () => {
    expect(make(true).accept([])).toBeUndefined();
    expect(make(true).accept(offer("permessage-deflate; unknown"))).toBeUndefined();
  });

  test("agrees by default that neither side keeps anything, whatever the client wishes", () => {
    expect(make(true).accept(offer("permessage-deflate"))).toMatchObject({
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
    });
  });
});

describe("a connection", () => {
  test("has an inflater of its own where its client keeps a context, and else one that all share", () => {
    const deflate = make({ clientNoContextTakeover: false });
    const inflaterOf = (line: string) => {
      const agreement = deflate.accept(offer(line));
      return agreement && deflate.inflater(agreement);
    };
    expect(inflaterOf("permessage-deflate")).toBeInstanceOf(ContextInflater);
    const alone = "permessage-deflate; client_no_context_takeover";
    expect(inflaterOf(alone)).toBeInstanceOf(MessageInflater);
    expect(inflaterOf(alone)).toBe(inflaterOf(alone));
    expect(inflaterOf("permessage-deflate")).not.toBe(inflaterOf("permessage-deflate"));
  });
});

test("what zlib does not take is refused at the start", () => {
  expect(() => make({ zlibDeflateOptions: { level: 99 } })).toThrow("options.level");
  expect(() => make({ zlibInflateOptions: { chunkSize: 1 } })).toThrow("options.chunkSize");
});
