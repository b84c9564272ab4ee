import { expect, test } from "vitest";
import * as root from "./index.js";

// A change to this list is a change to the public interface.

test("the root exports these names at run time", () => {
  expect(Object.keys(root).sort()).toEqual([
    "FrameDecoder",
    "acceptDeflate",
    "acceptKey",
    "breaches",
    "decodeText",
    "encodeClose",
    "encodeFrame",
    "encodePing",
    "encodePong",
    "frameLength",
    "handshakeResponse",
    "maxFrameLength",
    "maxTextBytes",
    "readExtensionOffers",
    "writeFrame",
  ]);
});
