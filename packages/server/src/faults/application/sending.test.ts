import type { Send, SendEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { KeptLog, webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { accepting, masked, Peer, standstill } from "../peer.fixture.js";

/** What a send came to: "ok", or the name of its error. */
function outcome(sent: Promise<void>): Promise<string> {
  return sent.then(
    () => "ok",
    (error: Error) => error.name,
  );
}

/** Runs `act` on an open connection, then says "still open" and closes with 4000; gives what the client saw. */
async function onOpen(act: (send: Send) => Promise<unknown>): Promise<{ peer: Peer; result: unknown }> {
  let result: unknown;
  const application = accepting(async (_receive, send) => {
    result = await act(send);
    await send({ type: "websocket.send", text: "still open" });
    await send({ type: "websocket.close", code: 4_000 });
  });
  await using server = await serve(application, { port: 0 });
  const peer = await Peer.open(server);
  await peer.ended();
  return { peer, result };
}

/** The errors of events that can't be sent, as one connection gives them, and that it is as it was. */
async function refusals(events: readonly unknown[]): Promise<readonly Error[]> {
  const errors: Error[] = [];
  const { peer } = await onOpen(async (send) => {
    for (const event of events) {
      await send(event as SendEvent).then(
        () => errors.push(new Error("taken")),
        (error: Error) => errors.push(error),
      );
    }
  });
  expect(peer.texts).toEqual(["still open"]);
  expect(peer.close?.code).toBe(4_000);
  return errors;
}

describe("sends", () => {
  test("fault 101: of two tasks at once are whole messages in the order of the calls", async () => {
    const long = "y".repeat(100_000);
    const { peer } = await onOpen(async (send) => {
      const task = async (name: string): Promise<void> => {
        for (let count = 0; count < 20; count += 1) {
          await send({ type: "websocket.send", text: `${name}${count}${count % 5 === 0 ? long : ""}` });
        }
      };
      await Promise.all([task("a"), task("b")]);
    });
    const names = peer.texts.slice(0, -1).map((text) => text.replace(long, ""));
    expect(names).toEqual(Array.from({ length: 20 }, (_, count) => [`a${count}`, `b${count}`]).flat());
  });

  test("fault 102: after the application's own close a send is refused, and nothing goes out", async () => {
    let results: unknown;
    const application = accepting(async (_receive, send) => {
      await send({ type: "websocket.close" });
      results = [
        await outcome(send({ type: "websocket.send", text: "late" })),
        await outcome(send({ type: "websocket.close" })),
      ];
    });
    await using server = await serve(application, { port: 0 });
    const peer = await Peer.open(server);
    await peer.ended();
    expect(results).toEqual(["ConnectionClosed", "ok"]);
    expect(peer.frames.map(({ opcode }) => opcode)).toEqual([8]);
  });

  test("fault 103: after the peer has left a send is refused, and that is no error of the server's", async () => {
    const logger = new KeptLog();
    const errors: Error[] = [];
    const application = accepting(async (receive, send) => {
      await receive();
      await send({ type: "websocket.send", text: "late" }).catch((error: Error) => {
        errors.push(error);
        throw error;
      });
    });
    await using server = await serve(application, { port: 0, logger });
    for (const leave of [
      (peer: Peer) => peer.socket.write(masked(0x88)),
      (peer: Peer) => peer.socket.end(),
    ]) {
      const peer = await Peer.open(server);
      leave(peer);
      await peer.ended();
    }
    await expect.poll(() => errors.map(({ name }) => name)).toEqual(["ConnectionClosed", "ConnectionClosed"]);
    expect([...logger.of("error"), ...logger.of("warn")]).toEqual([]);
  });
});

describe("an event that is none", () => {
  test("fault 119: is refused with the field and what was expected, in constant size, and nothing goes out", async () => {
    const cyclic: Record<string, unknown> = { type: "websocket.send" };
    cyclic["bytes"] = cyclic;
    const hostile = {
      get type(): string {
        throw new Error("mine");
      },
    };
    const errors = await refusals([
      { type: "websocket.send", text: "a", bytes: new Uint8Array(1) },
      { type: "websocket.send" },
      { type: "websocket.sned".repeat(10_000), text: "a" },
      { type: "websocket.send", text: { toString: () => "a" } },
      { type: "websocket.send", text: "\ud800" },
      cyclic,
      hostile,
      new Proxy({}, { get: () => hostile.type }),
      null,
      "websocket.close",
      [],
    ]);
    for (const error of errors) {
      expect(error).toMatchObject({ name: "ProtocolError", code: "ERR_WS_EVENT_INVALID" });
      expect(error.message.length).toBeLessThan(1_024);
    }
    expect(errors[0]?.message).toBe("websocket.send: expected exactly one of text and bytes, got both");
    expect(errors[1]?.message).toMatch(/got neither$/);
  });

  test("fault 119: a getter that answers differently the second time sends nothing half", async () => {
    const changing = (name: string, first: unknown, then: unknown): object => {
      let count = 0;
      return Object.defineProperty({ type: "websocket.send" }, name, {
        get: () => {
          count += 1;
          return count === 1 ? first : then;
        },
      });
    };
    const errors = await refusals([
      changing("text", "a", new Uint8Array(100)),
      changing("bytes", new Uint8Array(1), { length: 100 }),
    ]);
    expect(errors.map(({ name }) => name)).toEqual(["TypeError", "TypeError"]);
  });

  test("fault 119: extra keys do not matter", async () => {
    const event = { type: "websocket.send", text: "extra", bytes: undefined, more: cyclicKey() };
    const { peer } = await onOpen((send) => send(event as SendEvent));
    expect(peer.texts).toEqual(["extra", "still open"]);
  });
});

function cyclicKey(): object {
  const own: Record<string, unknown> = {};
  own["own"] = own;
  return own;
}

describe("bytes", () => {
  test("fault 120: a buffer that is no Uint8Array is refused: SharedArrayBuffer, ArrayBuffer, DataView, Float32Array, Blob", async () => {
    const all = [
      new SharedArrayBuffer(8),
      new ArrayBuffer(8),
      new DataView(new ArrayBuffer(8)),
      new Float32Array(2),
      new Blob(["x"]),
      [1, 2],
    ];
    const errors = await refusals(all.map((bytes) => ({ type: "websocket.send", bytes })));
    expect(errors.map(({ name }) => name)).toEqual(all.map(() => "ProtocolError"));
  });

  test("fault 120: what is changed, shrunk or transferred after the call goes out as it was", async () => {
    const length = 300_000;
    const { peer } = await onOpen(async (send) => {
      const changed = new Uint8Array(length).fill(1);
      const given = new Uint8Array(length).fill(2);
      const shared = new Uint8Array(new SharedArrayBuffer(length)).fill(3);
      const small = new Uint8Array(10).fill(4);
      const all = [changed, given, shared, small].map((bytes) => send({ type: "websocket.send", bytes }));
      for (const bytes of [changed, shared, small]) bytes.fill(9);
      structuredClone(given.buffer, { transfer: [given.buffer] });
      await Promise.all(all);
    });
    const { frames } = peer;
    expect(frames.slice(0, 4).map(({ payload }) => payload.length)).toEqual([length, length, length, 10]);
    frames.slice(0, 4).forEach(({ payload }, index) => {
      expect(payload.every((byte) => byte === index + 1)).toBe(true);
    });
  });

  test("fault 120: those that say they are longer than they are give away nothing of the memory beside them", async () => {
    const { peer } = await onOpen((send) => {
      const bytes = Object.defineProperty(new Uint8Array([1, 2, 3]), "length", { value: 1_000 });
      return send({ type: "websocket.send", bytes });
    });
    expect([...(peer.frames[0]?.payload ?? [])]).toEqual([1, 2, 3]);
  });

  test("fault 120: the body of a denial is copied as well", async () => {
    const application = webSocket(async (_scope, _receive, send) => {
      const body = new Uint8Array(6_000_000).fill(0x61);
      await send({ type: "websocket.http.response.start", status: 403 });
      void send({ type: "websocket.http.response.body", body });
      body.fill(0x62);
    });
    await using server = await serve(application, { port: 0 });
    const peer = await Peer.connect(server);
    peer.socket.pause();
    await standstill(() => peer.socket.bytesRead);
    let read = "";
    peer.socket.on("data", (chunk: Buffer) => {
      read += chunk.toString("latin1");
    });
    peer.socket.resume();
    await peer.ended();
    const body = read.slice(read.indexOf("\r\n\r\n") + 4);
    expect([body.length, body.includes("b")]).toEqual([6_000_000, false]);
  });
});

describe("a close", () => {
  test("fault 121: with a code that may not go on the wire is refused, and the connection is as it was", async () => {
    const codes = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, "1000", Number.NaN, 1000.5, -1, null];
    const errors = await refusals(codes.map((code) => ({ type: "websocket.close", code })));
    expect(errors.map(({ name }) => name)).toEqual(codes.map(() => "ProtocolError"));
  });

  test("fault 122: with a reason above 123 bytes of UTF-8, or a lone surrogate, is refused; one of 123 is sent whole", async () => {
    const reasons = ["x".repeat(124), "😀".repeat(41), "é".repeat(62), "\ud83d", 5];
    const errors = await refusals(reasons.map((reason) => ({ type: "websocket.close", reason })));
    expect(errors.map(({ name }) => name)).toEqual(reasons.map(() => "ProtocolError"));
    const reason = `${"é".repeat(61)}x`;
    const application = accepting((_receive, send) => send({ type: "websocket.close", code: 4_001, reason }));
    await using server = await serve(application, { port: 0 });
    const peer = await Peer.open(server);
    await peer.ended();
    expect(peer.close).toEqual({ code: 4_001, reason });
  });
});
