import type { Application } from "@ws/events";
import { describe, expect, test } from "vitest";
import { defaults } from "../options/resolve-options.js";
import type { Limits } from "./limits.js";
import type { MemoryConnection } from "./memory-connection.fixture.js";
import { MemoryHost } from "./memory-host.fixture.js";

// What of the conformance suite is about sessions runs on this host in @ws/testing. Here is that it needs nothing else.

/** A client that keeps what it is told. */
interface Client {
  readonly connection: MemoryConnection;
  readonly heard: (string | Uint8Array)[];
  /** The code with which it is closed. */
  readonly closed: Promise<number>;
}

function connect(application: Application, limits: Partial<Limits> = {}): Client {
  const heard: (string | Uint8Array)[] = [];
  let close!: (code: number) => void;
  const closed = new Promise<number>((resolve) => {
    close = resolve;
  });
  const host = new MemoryHost(application, { ...defaults, ...limits });
  const request = { subprotocols: ["chat"] };
  const connection = host.connect({ message: (data) => heard.push(data), closed: close }, request);
  return { connection, heard, closed };
}

const echo: Application = async (_scope, receive, send) => {
  await receive();
  await send({ type: "websocket.accept", subprotocol: "chat" });
  for (;;) {
    const event = await receive();
    if (event.type !== "websocket.receive") return;
    await send({ ...event, type: "websocket.send" });
  }
};

describe("the session core on a host of its own, without Node", () => {
  test("accepts, echoes texts and bytes in order, and takes the client's close", async () => {
    const { connection, heard, closed } = connect(echo);
    expect(await connection.answered).toMatchObject({
      status: 101,
      headers: [["sec-websocket-protocol", "chat"]],
    });
    connection.clientSends("héllo");
    connection.clientSends(Uint8Array.of(1, 255));
    await expect.poll(() => heard).toEqual(["héllo", Uint8Array.of(1, 255)]);
    connection.clientCloses(4_000, "bye");
    expect(await closed).toBe(4_000);
  });

  test("closes with 1000 when the application returns, and refuses one that does not answer", async () => {
    const accepting: Application = async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
    };
    expect(await connect(accepting).closed).toBe(1_000);
    const { connection } = connect(() => new Promise(() => {}), { acceptTimeout: 1 });
    expect(await connection.answered).toMatchObject({ status: 503 });
  });
});
