import { describe, expect, test } from "vitest";
import { acceptDeflate, type DeflatePreferences } from "./deflate-negotiation.js";
import { readExtensionOffers } from "./extension-offers.js";

const answerTo = (line: string, preferences: DeflatePreferences = {}): string | undefined =>
  acceptDeflate(readExtensionOffers([line]), preferences)?.header;

describe("an offer", () => {
  test.each([
    ["permessage-deflate", {}, "permessage-deflate"],
    [
      "permessage-deflate",
      { serverNoContextTakeover: true, clientNoContextTakeover: true },
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    ],
    ["permessage-deflate; server_no_context_takeover", {}, "permessage-deflate; server_no_context_takeover"],
    ["permessage-deflate; server_max_window_bits=10", {}, "permessage-deflate; server_max_window_bits=10"],
    [
      "permessage-deflate; server_max_window_bits=12",
      { serverMaxWindowBits: 9 },
      "permessage-deflate; server_max_window_bits=9",
    ],
    ["permessage-deflate", { serverMaxWindowBits: 9 }, "permessage-deflate; server_max_window_bits=9"],
    ["permessage-deflate; client_max_window_bits", {}, "permessage-deflate"],
    ["permessage-deflate; client_max_window_bits=9", {}, "permessage-deflate; client_max_window_bits=9"],
    ["permessage-deflate; client_max_window_bits=9", { clientMaxWindowBits: false }, "permessage-deflate"],
    [
      "permessage-deflate; client_max_window_bits",
      { clientMaxWindowBits: 12 },
      "permessage-deflate; client_max_window_bits=12",
    ],
  ])("%s under %o is answered", (line, preferences, answer) => {
    expect(answerTo(line, preferences)).toBe(answer);
  });

  test.each([
    ["permessage-deflate; server_no_context_takeover", { serverNoContextTakeover: false }],
    ["permessage-deflate; server_max_window_bits=10", { serverMaxWindowBits: false }],
    ["permessage-deflate; server_max_window_bits=10", { serverMaxWindowBits: 12 }],
    ["permessage-deflate", { clientMaxWindowBits: 12 }],
    ["permessage-deflate; client_max_window_bits=10", { clientMaxWindowBits: 12 }],
    ["permessage-deflate; server_max_window_bits", {}],
    ["permessage-deflate; server_max_window_bits=16", {}],
    ["permessage-deflate; client_max_window_bits=010", {}],
    ["permessage-deflate; server_no_context_takeover=1", {}],
    ["permessage-deflate; client_no_context_takeover; client_no_context_takeover", {}],
    ["permessage-deflate; unknown", {}],
    ["permessage-deflate; __proto__", {}],
    ["x-webkit-deflate-frame", {}],
    ["", {}],
  ])("%s under %o is declined", (line, preferences) => {
    expect(answerTo(line, preferences)).toBeUndefined();
  });

  test("that can be accepted is taken behind others that can't, and before others that can", () => {
    const line =
      "x, permessage-deflate; unknown, permessage-deflate; server_max_window_bits=9, permessage-deflate";
    expect(answerTo(line)).toBe("permessage-deflate; server_max_window_bits=9");
  });
});

test("an agreement says what each side does, with the RFC's defaults where nothing was said (§7.1)", () => {
  expect(acceptDeflate(readExtensionOffers(["permessage-deflate"]), {})).toMatchObject({
    serverNoContextTakeover: false,
    clientNoContextTakeover: false,
    serverMaxWindowBits: 15,
    clientMaxWindowBits: 15,
  });
  const line =
    "permessage-deflate; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=9";
  expect(acceptDeflate(readExtensionOffers([line]), { serverNoContextTakeover: true })).toMatchObject({
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
    serverMaxWindowBits: 10,
    clientMaxWindowBits: 9,
  });
});
