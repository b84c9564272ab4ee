import { createServer, type IncomingMessage } from "node:http";
import { type Duplex, duplexPair, Readable } from "node:stream";
import { expect, test } from "vitest";
import { announce, peerOf } from "../../proxies/peer.js";
import { isHeadWhole, replay, rewind } from "./replay.js";

/** A request as Node 26 gives it: with a body of its own. */
function upgrade(
  pairs: readonly (readonly [string, string])[],
  body: readonly string[],
  socket: object,
  trailers: readonly string[] = [],
): IncomingMessage {
  const all = [["Host", "h"], ["Connection", "Upgrade"], ["Upgrade", "h2c"], ...pairs];
  return Object.assign(Readable.from(body.map((text) => Buffer.from(text))), {
    method: "POST",
    url: "/first",
    httpVersion: "1.1",
    rawHeaders: all.flat(),
    headers: Object.fromEntries(all.map(([name = "", value]) => [name.toLowerCase(), value])),
    rawTrailers: trailers,
    socket,
  }) as unknown as IncomingMessage;
}

/** Reads until the text has come. */
async function readUntil(client: Duplex, text: string): Promise<string> {
  let read = "";
  for await (const chunk of client.iterator({ destroyOnReturn: false })) {
    read += String(chunk);
    if (read.includes(text)) break;
  }
  return read;
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const { method, url, headers, trailers, socket } = request;
  const told = [method, url, headers.upgrade, headers.connection, body, trailers, socket.remoteAddress];
  response.end(`<${JSON.stringify([...told, "encrypted" in socket])}>`);
});

test("a body that Node has read already is read once more, of a known length, and what follows after it", async () => {
  const [client, socket] = duplexPair();
  const request = upgrade([["Content-Length", "5"]], ["hel", "lo"], { remoteAddress: "192.0.2.1" });
  const second = Buffer.from("GET /second HTTP/1.1\r\nHost: h\r\n\r\n");
  const { stream, lead, rest } = rewind(request, socket, second, false, true);
  replay(server, stream, [lead, rest]);
  const answers = (await readUntil(client, '"/second"')).match(/<.*>/g);
  expect(answers?.map((text) => JSON.parse(text.slice(1, -1)))).toEqual([
    ["POST", "/first", "h2c", "", "hello", {}, "192.0.2.1", false],
    ["GET", "/second", null, null, "", {}, "192.0.2.1", false],
  ]);
  client.write("GET /third HTTP/1.1\r\nHost: h\r\n\r\n");
  expect(await readUntil(client, ">")).toContain('"/third"');
  const closed = new Promise((resolve) => socket.once("close", resolve));
  stream.destroy();
  await closed;
});

test("one in chunks is read once more with its trailers, also over TLS", async () => {
  const [client, socket] = duplexPair();
  const pairs = [["Transfer-Encoding", "chunked"]] as const;
  const request = upgrade(pairs, ["hel", "lo"], { encrypted: true }, ["X-Trailer", "1"]);
  const { stream, lead, rest } = rewind(request, socket, Buffer.alloc(0), false, true);
  replay(server, stream, [lead, rest]);
  const [answer = ""] = (await readUntil(client, ">")).match(/<.*>/g) ?? [];
  expect(JSON.parse(answer.slice(1, -1))).toEqual([
    "POST",
    "/first",
    "h2c",
    "",
    "hello",
    { "x-trailer": "1" },
    null,
    true,
  ]);
  client.destroy();
});

test("a request without a body is read from its own socket, whatever Node reads", () => {
  const [, socket] = duplexPair();
  const { stream, lead, rest } = rewind(upgrade([], [], {}), socket, Buffer.from("rest"), false, true);
  expect(stream).toBe(socket);
  expect(String(lead)).toBe("POST /first HTTP/1.1\r\nHost:h\r\nConnection:\r\nUpgrade:h2c\r\n\r\n");
  expect(String(rest)).toBe("rest");
});

test("a client that rewinds bodies again and again is told to use another connection", async () => {
  const heads: string[] = [];
  let below: Duplex = duplexPair()[1];
  for (let layer = 1; layer <= 8; layer += 1) {
    const { stream } = rewind(
      upgrade([["Content-Length", "1"]], ["x"], below),
      below,
      Buffer.alloc(0),
      false,
      true,
    );
    below = stream;
    heads.push(await new Promise((resolve) => stream.once("readable", () => resolve(String(stream.read())))));
  }
  expect(heads.map((head) => head.includes("Connection:close"))).toEqual([...Array(7).fill(false), true]);
  below.destroy();
});

test("whom the PROXY protocol named stays the client", () => {
  const [, socket] = duplexPair();
  announce(socket, { host: "192.0.2.1", port: 4711 });
  const request = upgrade([["Content-Length", "1"]], ["x"], socket);
  const { stream } = rewind(request, socket, Buffer.alloc(0), false, true);
  expect(peerOf(stream).client).toEqual({ host: "192.0.2.1", port: 4711 });
  stream.destroy();
});

test("how many header lines are whole is the server's to say; 0 is without a limit", () => {
  const request = upgrade([], [], {});
  expect(isHeadWhole(request, 4)).toBe(true);
  expect(isHeadWhole(request, 3)).toBe(false);
  expect(isHeadWhole(request, 0)).toBe(true);
  expect(isHeadWhole(request, null)).toBe(true);
});
