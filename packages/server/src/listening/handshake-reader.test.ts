import { EventEmitter } from "node:events";
import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, expect, test } from "vitest";
import { handshake } from "../raw.fixture.js";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { HandshakeReader } from "./handshake-reader.js";

const silence = 200;
const frame = "\x81\x85abcd\x09\x07\x0f\x08\x0e";
const page = "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** What a request is, whoever has read it. */
interface Told {
  readonly by: "us" | "Node" | "Node, as a request";
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
  readonly head: string;
}

let clock: FakeClock;
let server: HttpServer;
let reader: HandshakeReader;
let told: Told[];
/** How many connections Node's server was given. */
let given: number;

function tell(
  by: Told["by"],
  request: Pick<IncomingMessage, keyof Omit<Told, "by" | "head">>,
  head: Buffer,
): void {
  const { method, url, httpVersion, rawHeaders } = request;
  told.push({ by, method, url, httpVersion, rawHeaders, head: head.toString("latin1") });
}

beforeEach(() => {
  told = [];
  given = 0;
  clock = new FakeClock();
  server = createServer();
  server.on("connection", () => {
    given += 1;
  });
  server.on("upgrade", (request, _socket, head) => tell("Node", request, head));
  server.on("request", (request, response) => {
    tell("Node, as a request", request, Buffer.alloc(0));
    response.end("page");
  });
  reader = new HandshakeReader(server, silence, clock, (request, _socket, head) => tell("us", request, head));
});

/** A connection in memory, and what was written to it. */
class Connection extends Duplex {
  written = "";

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.toString("latin1");
    done();
  }

  async says(text: string): Promise<void> {
    this.push(Buffer.from(text, "latin1"));
    await nextTurn();
  }
}

function connect(): Connection {
  const connection = new Connection();
  server.emit("connection", connection as unknown as Socket);
  return connection;
}

/** What Node itself tells of a handshake, whose head is whole in its first bytes. */
async function byNode(text: string): Promise<Told | undefined> {
  const before = told.length;
  const plain = createServer().on("upgrade", (request, _socket, head) => tell("us", request, head));
  const connection = new Connection();
  plain.emit("connection", connection);
  await connection.says(text);
  return told.splice(before)[0];
}

test("a handshake that comes whole is told as Node tells it, with what came behind it, and Node never sees it", async () => {
  for (const behind of ["", frame, frame.slice(0, 3), page, "\r\n", "\0\xff"]) {
    const text = `${handshake("/chat?a=%20b", ["Cookie: a", "cookie: b", "X-Empty:"])}${behind}`;
    const connection = connect();
    await connection.says(text);
    expect(told.splice(0)).toEqual([await byNode(text)]);
    // Nobody reads on until its owner does.
    expect([given, connection.isPaused(), connection.eventNames()]).toEqual([0, true, []]);
  }
});

test("a handshake in two pieces is read by Node, wherever it is cut", async () => {
  const text = handshake("/cut");
  const expected = { ...(await byNode(`${text}${frame}`)), by: "Node" };
  for (let cut = 1; cut < text.length; cut += 1) {
    const connection = connect();
    await connection.says(text.slice(0, cut));
    await connection.says(`${text.slice(cut)}${frame}`);
    expect(told.splice(0)).toEqual([expected]);
  }
  expect(given).toBe(text.length - 1);
});

test("a handshake that comes byte by byte is read by Node", async () => {
  const text = handshake("/slow");
  const connection = connect();
  for (const character of text) await connection.says(character);
  expect(told.splice(0)).toEqual([{ ...(await byNode(text)), by: "Node" }]);
});

test("requests are Node's, the handshake behind one as well", async () => {
  const connection = connect();
  await connection.says(page);
  expect(connection.written).toContain("page");
  await connection.says(handshake("/behind"));
  expect(told.map(({ by, url }) => [by, url])).toEqual([
    ["Node, as a request", "/page"],
    ["Node", "/behind"],
  ]);
});

test("what is malformed has Node's answer", async () => {
  const connection = connect();
  await connection.says("nothing that one could read\r\n\r\n");
  expect(connection.written).toContain("HTTP/1.1 400 Bad Request");
  expect(told).toEqual([]);
});

test("a connection that says nothing is Node's after a moment, whose limits then hold for it", async () => {
  const [first, second] = [connect(), connect()];
  clock.advance(silence / 2);
  const third = connect();
  await second.says(handshake("/early"));
  expect([given, told.splice(0).map(({ by }) => by)]).toEqual([0, ["us"]]);
  clock.advance(silence / 2);
  expect(given).toBe(1);
  clock.advance(silence / 2);
  expect(given).toBe(2);
  for (const connection of [first, third]) await connection.says(handshake("/late"));
  expect(told.map(({ by, url }) => [by, url])).toEqual([
    ["Node", "/late"],
    ["Node", "/late"],
  ]);
});

test("no timer is set while nobody is silent", async () => {
  expect(clock.pending).toBe(0);
  const connection = connect();
  expect(clock.pending).toBe(1);
  await connection.says(handshake());
  clock.advance(silence);
  expect(clock.pending).toBe(0);
  connect();
  clock.advance(10 * silence);
  expect([clock.pending, given]).toEqual([0, 1]);
});

test("one that ends its side and has said nothing has ours ended, as Node does", async () => {
  const connection = connect();
  connection.push(null);
  await nextTurn();
  expect([connection.writableFinished, connection.closed]).toEqual([true, true]);
  clock.advance(10 * silence);
  expect(given).toBe(0);
});

test("one that fails before it has said anything, or in its end, does no harm", async () => {
  const connection = connect();
  connection.destroy(new Error("reset"));
  clock.advance(10 * silence);
  await nextTurn();
  expect([connection.closed, given]).toEqual([true, 0]);
  const other = connect();
  other._final = (done) => done(new Error("reset in the end"));
  other.push(null);
  await nextTurn();
  expect(other.closed).toBe(true);
});

test("close gives those that say nothing to Node, and whoever comes from then on", async () => {
  const first = connect();
  clock.advance(silence / 2);
  const second = connect();
  const third = connect();
  third.destroy(new Error("reset"));
  reader.close();
  expect([given, clock.pending]).toEqual([2, 0]);
  const fourth = connect();
  expect(given).toBe(3);
  for (const connection of [first, second, fourth]) await connection.says(handshake("/closing"));
  expect(told.map(({ by }) => by)).toEqual(["Node", "Node", "Node"]);
});

test("one that is given back with its bytes, since it was declined its upgrade, is Node's at once", async () => {
  const connection = new Connection();
  connection.unshift(Buffer.from(handshake("/again")));
  server.emit("connection", connection as unknown as Socket);
  expect(given).toBe(1);
  await nextTurn();
  expect(told.map(({ by }) => by)).toEqual(["Node"]);
});

test("a server of another runtime that is no server of sockets is left alone", () => {
  const other = new EventEmitter() as HttpServer;
  const listener = (): void => {};
  other.on("connection", listener);
  new HandshakeReader(other, silence, clock, () => {});
  expect(other.listeners("connection")).toEqual([listener]);
});
