import { connect } from "node:net";
import { start, type TestServer, type TestSession } from "@ws/testing";

/** A demo that runs elsewhere, for sessions of its own. */
export function remote(url: string): Promise<TestServer> {
  const { hostname, port } = new URL(url);
  const endpoint = {
    url: `ws://${hostname}:${port}`,
    connections: 0,
    dial: () => connect(Number(port), hostname),
    close: async () => {},
  };
  return start(async () => {}, { transport: { name: "remote", start: async () => endpoint } });
}

/** Joins a room; resolves when the room has been told. */
export async function join(server: TestServer, name: string, timeout = 5_000): Promise<TestSession> {
  const session = await server.connect("/chat/lobby/", { timeout });
  await session.sendJson({ type: "join", name });
  for (;;) {
    const message = (await session.receiveJson()) as { readonly type: string; readonly name?: string };
    if (message.type === "refused") throw new Error(JSON.stringify(message));
    if (message.type === "joined" && message.name === name) return session;
  }
}
