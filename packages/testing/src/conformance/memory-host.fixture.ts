import type { HeaderList } from "@ws/events";
import { defaults } from "@ws/server";
// @boundaries-ignore: the host is a fixture of @ws/server, where it is compiled without the types of Node
import { MemoryHost } from "../../../server/src/session/memory-host.fixture.js";
import { HandshakeRejected } from "../client/handshake-rejected.js";
import type { Client } from "../transports/client.js";
import type { TestTransport } from "../transports/transport.js";

function headersOf(list: HeaderList): Headers {
  const headers = new Headers();
  for (const [name, value] of list) headers.append(name, value);
  return headers;
}

function withoutBytes(): never {
  throw new TypeError("expected a transport with bytes, got a host in memory");
}

/** The session core of `@ws/server` on a host of 150 lines that has no sockets and no Node. */
export const memoryHost: TestTransport = {
  name: "a host of its own",
  async start(application, options = {}) {
    const limits = { ...defaults, ...options };
    const host = new MemoryHost(application, limits);
    await host.start(limits.startupTimeout);
    return {
      url: "ws://localhost",
      get connections() {
        return host.connections;
      },
      dial: withoutBytes,
      async open(path, { subprotocols = [] }, listener, signal): Promise<Client> {
        const connection = host.connect(
          {
            message: (data) => listener.message(data),
            closed: (code, reason) => listener.ended(code, reason),
          },
          { path, subprotocols },
        );
        signal.addEventListener("abort", () => connection.clientLeaves(), { once: true });
        const answer = await connection.answered;
        if (answer === undefined) throw new Error("the client has left");
        const headers = headersOf(answer.headers);
        if (answer.status !== 101) throw new HandshakeRejected({ ...answer, headers });
        return {
          subprotocol: headers.get("sec-websocket-protocol") ?? "",
          headers,
          send: async (data) => connection.clientSends(data),
          close: (code = 1005, reason = "") => connection.clientCloses(code, reason),
          pause: () => connection.clientPauses(),
          resume: () => connection.clientResumes(),
          terminate: () => connection.clientLeaves(),
          write: withoutBytes,
        };
      },
      close: ({ grace = 10_000, drain } = {}) => host.close(grace, drain?.window),
    };
  },
};

const uncalled = "and no application is called";

/** The sentences of the contract that are not about sessions, by kind: each host has to see to them by itself. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  "what stands in a request, and which one is a handshake": [
    "the scope has the path decoded and raw, and the query as it came",
    "an absolute target is read for its path and query alone",
    "header lines keep their order, duplicates and latin-1 values; names are lower-cased",
    "subprotocols are all offers, from every header line, in order",
    "client and server are addresses, or null where the socket has none",
    ...["/%", "/%ff", "/%c0%af", "//", "//evil.example/x", "*", "/a#b", "/%00"].map(
      (target) => `the target ${target} gets 400 before any application runs`,
    ),
    `a bad Host gets 400, ${uncalled}`,
    `two Hosts get 400, ${uncalled}`,
    `HTTP/1.0 gets 400, ${uncalled}`,
    `a version other than 13 gets 426 and is told which, ${uncalled}`,
    `too many header lines get 431, ${uncalled}`,
    `a target that is too long gets 414, ${uncalled}`,
    "a request that asks for another protocol is answered as an ordinary one, and calls no view",
    "a handshake that is pipelined waits for the response to the request before it",
    "an extension offer that can't be accepted or can't be read is declined, and never refuses a handshake",
  ],
  "who is let in": [
    `an origin that is not allowed gets 403, ${uncalled}`,
    `two origins get 403, ${uncalled}`,
    `an origin gets 403 where the function that judges it throws, ${uncalled}`,
    `an origin that a function refuses later gets 403, ${uncalled}`,
    `a host that is not allowed gets 421, ${uncalled}`,
    "a server that is full answers 503 with Retry-After, and takes the next when one has left",
    "too many pending handshakes get 503 with Retry-After",
  ],
  "frames, and how a response is framed": [
    "between connect and the answer nothing arrives; what came early is given after accept, in order",
    "a denial's body is as long as its content-length says: what goes beyond it throws, and the rest can be sent",
    "the peer closes without a code: disconnect 1005",
    "messages that came whole before a protocol error are answered, and then the close follows",
    "a protocol error: close 1002, disconnect 1006 that says so",
    "bad UTF-8: close 1007, disconnect 1006 that says so",
    "a message that is too big, before it is read: close 1009, disconnect 1006 that says so",
    "too many fragments: close 1008, disconnect 1006 that says so",
  ],
};

export const decidedByHost: readonly string[] = Object.values(kinds).flat();
