import fc from "fast-check";
import { expect } from "vitest";
import { heads } from "./heads.fixture.js";
import { NodeParser } from "./node-parser.fixture.js";
import { readPlainHandshake } from "./plain-handshake.js";

/** How many heads were read by us, left to Node though they ask for an upgrade as it sees it, and left to Node rightly. */
export interface Shares {
  taken: number;
  left: number;
  other: number;
}

/** Gives so many heads to our reader and to Node's: what ours takes, Node's takes for an upgrade, and sees the same in it. */
export async function compareWithNode(count: number): Promise<Shares> {
  const parser = new NodeParser();
  const shares: Shares = { taken: 0, left: 0, other: 0 };
  const property = fc.asyncProperty(heads, async (text) => {
    const bytes = Buffer.from(text, "latin1");
    const handshake = readPlainHandshake(bytes);
    const upgrade = await parser.read(bytes);
    if (handshake === undefined) {
      shares[upgrade === undefined ? "other" : "left"] += 1;
      return;
    }
    shares.taken += 1;
    if (upgrade === undefined) throw new Error("Node's parser sees no upgrade in it");
    const { method, url, httpVersion, rawHeaders, headers } = upgrade.request;
    expect({ ...handshake, method: "GET", httpVersion: "1.1" }).toEqual({
      method,
      url,
      httpVersion,
      rawHeaders,
      length: bytes.length - upgrade.head.length,
    });
    expect(headers).toMatchObject({ upgrade: expect.stringMatching(/^websocket$/i) });
    expect(headers).not.toHaveProperty("content-length");
    expect(headers).not.toHaveProperty("transfer-encoding");
  });
  await fc.assert(property, { numRuns: count });
  return shares;
}
