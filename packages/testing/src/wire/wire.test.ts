import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start, type TestServer } from "../client/test-server.js";
import { memory } from "../transports/memory.js";
import * as wire from "../wire.js";
import { handWritten } from "./hand-written.fixture.js";

let server: TestServer;

beforeAll(async () => {
  server = await start(handWritten(), { transport: memory });
});

afterAll(() => server.close({ grace: 100 }));

function target(change: (text: string) => string = (text) => text): wire.WireTarget {
  return {
    name: "a server that is written by hand",
    open: async (room, subprotocols) => {
      const session = await server.connect(`/wire/${room}/`, { subprotocols });
      const receiveText = session.receiveText.bind(session);
      return Object.assign(session, { receiveText: async () => change(await receiveText()) });
    },
  };
}

wire.wireConformance(target(), { describe, test });

/** The sentences that a server breaks whose frames are changed. */
async function broken(change: (text: string) => string): Promise<string[]> {
  const found: string[] = [];
  const running: (() => Promise<void>)[] = [];
  wire.wireConformance(target(change), {
    describe: (_name, body) => body(),
    test: (name, run) =>
      running.push(() =>
        run().catch(() => {
          found.push(name);
        }),
      ),
  });
  for (const run of running.slice(0, 8)) await run();
  return found;
}

describe("a server that breaks the protocol is found", () => {
  test("by what it says of itself", async () => {
    expect(await broken((text) => text.replace("2.0", "1.0"))).toHaveLength(7);
    expect(await broken((text) => text.replace("$/hello", "hello"))).toHaveLength(6);
    expect(await broken((text) => text.replace("maxMessage", "max"))).toEqual([
      "the server selects jsonrpc.topics.v1, and says hello first",
    ]);
  });

  test("by what it answers", async () => {
    expect(await broken((text) => text.replace("internal error", "the password is 1234"))).toEqual([
      "an error of the contract has the code 1, its name and its data; a failure says nothing but that",
    ]);
    expect(await broken((text) => text.replace("-32601", "-32600"))).toHaveLength(1);
  });
});

test("the door exports these names at run time", () => {
  expect(Object.keys(wire).sort()).toEqual(["wireClientConformance", "wireClientProcess", "wireConformance"]);
});
