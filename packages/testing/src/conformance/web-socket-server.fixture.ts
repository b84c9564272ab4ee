import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect as connectSocket } from "node:net";
import { fromWebSocketServer } from "@ws/server/ws";
import { WebSocketServer } from "ws";
import type { TestTransport } from "../transports/transport.js";

/** An application on a server of `ws` itself, on a port of 127.0.0.1 that the system chooses. */
export const webSocketServer: TestTransport = {
  name: "a WebSocketServer of ws",
  async start(application, options = {}) {
    const { maxPayload = 1_048_576, maxFragments = 1_024 } = options;
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, maxPayload, maxFragments });
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const attached = fromWebSocketServer(server, application, options);
    const stop = async (): Promise<void> => {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    };
    await attached.ready.catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return {
      url: `ws://127.0.0.1:${port}`,
      get connections() {
        return attached.connections;
      },
      dial: () => connectSocket(port, "127.0.0.1"),
      close: async (closeOptions) => {
        await attached.close(closeOptions);
        await stop();
      },
    };
  },
};

const uncalled = "and no application is called";

/**
 * The sentences of the contract that `ws` decides in our place, by kind. The README of `@ws/server` names the kinds to
 * users, and what becomes of each.
 */
const kinds: Readonly<Record<string, readonly string[]>> = {
  "`ws` answers what is no handshake, or a bad one": [
    `a bad Host gets 400, ${uncalled}`,
    `two Hosts get 400, ${uncalled}`,
    `HTTP/1.0 gets 400, ${uncalled}`,
    `a version other than 13 gets 426 and is told which, ${uncalled}`,
    "a request that asks for another protocol is answered as an ordinary one, and calls no view",
  ],
  "whom the server would not have let in is closed with a code in the place of the status": [
    ...["/%", "/%ff", "/%c0%af", "//", "//evil.example/x", "*", "/a#b", "/%00"].map(
      (target) => `the target ${target} gets 400 before any application runs`,
    ),
    `an origin that is not allowed gets 403, ${uncalled}`,
    `two origins get 403, ${uncalled}`,
    `an origin gets 403 where the function that judges it throws, ${uncalled}`,
    `an origin that a function refuses later gets 403, ${uncalled}`,
    `a host that is not allowed gets 421, ${uncalled}`,
    `too many header lines get 431, ${uncalled}`,
    `a target that is too long gets 414, ${uncalled}`,
    "a server that is full answers 503 with Retry-After, and takes the next when one has left",
    "too many pending handshakes get 503 with Retry-After",
    "shutdown: a pending handshake gets 503 and Connection: close, its application disconnect 1012",
  ],
  "whom the application refuses is closed with a code in the place of its response": [
    "the server offers denial responses and the disconnect signal",
    "while denying, an event out of order throws and the response can still be completed",
    "closes before accept: 403 with an empty body, then disconnect 1006",
    "denies with a response: that status, headers and body in parts, then disconnect 1006",
    "a denial's body is as long as its content-length says: what goes beyond it throws, and the rest can be sent",
    "returns before accept: 403",
    "throws before accept: 500",
    "never accepts: 503 at acceptTimeout, then disconnect 1006",
  ],
  "`ws` has selected the subprotocol, and sent the headers": [
    "subprotocols are all offers, from every header line, in order",
    "an accept with a subprotocol that was not offered, or a bad header, throws and can be mended",
  ],
  "`ws` closes at the first breach, before the messages ahead of it can be answered": [
    "messages that came whole before a protocol error are answered, and then the close follows",
  ],
};

export const decidedByWs: readonly string[] = Object.values(kinds).flat();
