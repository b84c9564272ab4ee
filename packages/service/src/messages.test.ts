import { bytes, channel } from "@ws/contract";
import { joinBinary } from "@ws/contract/wire";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { deferred, type Frame, greeted, served, until, type WireClient } from "./client.fixture.js";
import { ClientRequestError, type Context, implement } from "./index.js";

const slow = z.object({ n: z.number() }).refine(async ({ n }) => n >= 0);
const room = channel("/room/<int:id>/", {
  toServer: { typing: z.object({ on: z.boolean() }), picture: bytes(), count: slow },
  toClient: { notice: z.object({ text: z.string().default("hm") }), sound: bytes(), later: slow },
  requests: { ping: {}, wait: {} },
  clientRequests: {
    confirm: { input: z.object({ what: z.string() }), output: z.boolean(), errors: { busy: z.number() } },
    name: { output: z.string() },
    quiet: {},
  },
});
type RoomContext = Context<typeof room>;

interface Room {
  readonly client: WireClient;
  readonly context: RoomContext;
  readonly heard: unknown[];
  readonly errors: unknown[];
  readonly gate: { readonly promise: Promise<void>; readonly resolve: () => void };
}

async function entered(clientTimeout?: number): Promise<Room> {
  const heard: unknown[] = [];
  const errors: unknown[] = [];
  const gate = deferred();
  const opened = deferred<RoomContext>();
  const route = implement(
    room,
    {
      opened: (context) => opened.resolve(context),
      messages: {
        typing: async ({ on }, { params, deny }) => {
          heard.push(`typing ${on} in ${params.id}`);
          if (!on) deny();
        },
        picture: (picture) => void heard.push([...picture]),
        count: async ({ n }) => {
          heard.push(`count ${n}`);
          if (n === 1) await gate.promise;
          if (n === 2) throw new Error("no two");
          heard.push(`counted ${n}`);
        },
      },
      requests: { ping: () => void heard.push("ping"), wait: () => gate.promise },
    },
    {
      onError: (error, { method }) => errors.push([method, String(error)]),
      ...(clientTimeout && { clientTimeout }),
    },
  );
  const client = await greeted(await served([route]), "/room/7/");
  return { client, context: await opened.promise, heard, errors, gate };
}

describe("a message of the client", () => {
  test("is given to its handler, JSON and bytes, in their order", async () => {
    const { client, heard } = await entered();
    await client.notify("typing", { on: true });
    await client.session.sendBytes(joinBinary("picture", Uint8Array.of(1, 2)));
    await client.notify("count", { n: 5 });
    await client.request("ping");
    expect(heard).toEqual(["typing true in 7", [1, 2], "count 5", "counted 5", "ping"]);
  });

  test("is done before what comes behind it starts, a request too; what was started before goes on", async () => {
    const { client, heard, gate } = await entered();
    await client.ask("wait");
    await client.notify("count", { n: 1 });
    await client.ask("ping");
    await client.notify("count", { n: 3 });
    // A reply to a later frame: all before it was read.
    expect((await client.request("$/ping")).result).toBe(null);
    expect(heard).toEqual(["count 1"]);
    gate.resolve();
    expect((await client.frames(2)).map(({ id }) => id)).toEqual([1, 2]);
    await client.request("ping");
    expect(heard).toEqual(["count 1", "counted 1", "ping", "count 3", "counted 3", "ping"]);
  });

  test("that fails is told to the server's log, and the connection goes on", async () => {
    const { client, errors } = await entered();
    await client.notify("count", { n: 2 });
    await client.notify("typing", { on: false });
    await client.request("ping");
    expect(errors).toEqual([["count", "Error: no two"]]);
  });

  test("that is against the contract, or that nobody knows, is dropped and logged", async () => {
    const { client, heard, errors } = await entered();
    await client.notify("typing", { on: 1 });
    await client.notify("count", { n: -1 });
    await client.notify("nobody");
    await client.notify("picture", { on: 1 });
    await client.session.sendBytes(joinBinary("typing", Uint8Array.of(1)));
    await client.notify("$/later", { on: 1 });
    await client.request("ping");
    expect(heard).toEqual(["ping"]);
    expect(errors.map((error) => (error as string[])[0])).toEqual([
      "typing",
      "count",
      "nobody",
      "picture",
      "typing",
    ]);
  });
});

describe("a message of the server", () => {
  test("is sent as the contract makes it, JSON and bytes, and none that breaks it", async () => {
    const { client, context } = await entered();
    await context.send("notice", {});
    await context.send("sound", Uint8Array.of(7));
    await context.send("later", { n: 1 });
    expect(await client.next()).toEqual({ method: "notice", params: { text: "hm" } });
    expect([...(await client.session.receiveBytes())]).toEqual([...joinBinary("sound", Uint8Array.of(7))]);
    expect(await client.next()).toEqual({ method: "later", params: { n: 1 } });
    await expect(context.send("notice", { text: 1 as never })).rejects.toMatchObject({
      code: "ERR_WS_EVENT_INVALID",
    });
    await expect(context.send("none" as never, {} as never)).rejects.toThrow(
      'send: the channel has no message "none"',
    );
  });
});

describe("a request of the server", () => {
  test("is answered by the client, and validated both ways", async () => {
    const { client, context } = await entered();
    const confirming = context.request("confirm", { what: "leave?" });
    expect(await client.next()).toEqual({ id: 1, method: "confirm", params: { what: "leave?" } });
    await client.send({ id: 1, result: true });
    expect(await confirming).toBe(true);
    const naming = context.request("name", undefined);
    expect(await client.next()).toEqual({ id: 2, method: "name" });
    await client.send({ id: 2, result: 5 });
    await expect(naming).rejects.toMatchObject({ code: "ERR_WS_MESSAGE_SCHEMA" });
    const quiet = context.request("quiet", undefined);
    await client.next();
    await client.send({ id: 3, result: "dropped" });
    expect(await quiet).toBeUndefined();
    await expect(context.request("confirm", {} as never)).rejects.toMatchObject({
      code: "ERR_WS_EVENT_INVALID",
    });
    await expect(context.request("none" as never, undefined as never)).rejects.toThrow("has no request");
  });

  test("rejects with the client's error", async () => {
    const { client, context } = await entered();
    const errors = [
      [
        { code: 1, message: "busy", data: 3 },
        { code: 1, message: "busy", data: 3, isDeclared: true },
      ],
      [
        { code: -32601, message: "unknown" },
        { code: -32601, isDeclared: false },
      ],
      [
        { code: "x", message: 1 },
        { code: 0, message: "" },
      ],
    ];
    for (const [index, [error, expected]] of errors.entries()) {
      const asking = context.request("quiet", undefined);
      await client.next();
      await client.send({ id: index + 1, error });
      const thrown = await asking.catch((rejected: unknown) => rejected);
      expect(thrown).toBeInstanceOf(ClientRequestError);
      expect(thrown).toMatchObject(expected as object);
    }
  });

  test("is cancelled by its signal, and after its time; a late reply is nobody's", async () => {
    const { client, context } = await entered(20);
    const controller = new AbortController();
    const asking = context.request("quiet", undefined, { signal: controller.signal, timeout: 60_000 });
    asking.catch(() => {});
    await client.next();
    controller.abort(new Error("enough"));
    expect(await client.next()).toEqual({ method: "$/cancelRequest", params: { id: 1 } });
    await expect(asking).rejects.toThrow("enough");
    await expect(context.request("quiet", undefined, { signal: controller.signal })).rejects.toThrow(
      "enough",
    );
    const late = context.request("quiet", undefined).catch((error: unknown) => error);
    expect((await client.frames(2))[1]).toEqual({ method: "$/cancelRequest", params: { id: 2 } });
    expect(await late).toMatchObject({ code: -32800, message: "no answer within 20 ms" });
    for (const id of [1, 2, 99, "1"]) await client.send({ id, result: 1 });
    expect((await client.request("ping")).result).toBe(null);
  });

  test("rejects where the connection ends, and from then on", async () => {
    const { client, context } = await entered();
    const asking = context.request("quiet", undefined).catch((error: unknown) => error);
    await client.next();
    await client.session.close();
    expect(await asking).toMatchObject({ name: "ConnectionClosed" });
    await expect(context.request("quiet", undefined)).rejects.toMatchObject({ name: "ConnectionClosed" });
    await expect(context.send("notice", {})).rejects.toMatchObject({ name: "ConnectionClosed" });
  });

  test("waits with 1,024 others at most", async () => {
    const { client, context } = await entered();
    const asking = Array.from({ length: 1_025 }, () =>
      context.request("quiet", undefined).catch((error: unknown) => error),
    );
    expect(await asking[1_024]).toMatchObject({ code: -32000 });
    const frames: readonly Frame[] = await client.frames(1_024);
    expect(frames.at(-1)?.id).toBe(1_024);
  });
});

describe("opened", () => {
  test("is done before the first message is handled; one that throws closes the connection with 1011", async () => {
    const errors: unknown[] = [];
    const heard: string[] = [];
    const { promise, resolve } = deferred();
    const spec = channel("/<name>/", { requests: { ping: {} } });
    const route = implement(
      spec,
      {
        opened: async ({ params }) => {
          await promise;
          heard.push("opened");
          if (params.name === "bad") throw new Error("no room");
        },
        requests: { ping: () => void heard.push("ping") },
      },
      { onError: (error, info) => errors.push([String(error), info]) },
    );
    const server = await served([route]);
    const [good, bad] = [await greeted(server, "/good/"), await greeted(server, "/bad/")];
    await good.ask("ping");
    resolve();
    await good.next();
    expect(heard.at(-1)).toBe("ping");
    expect((await bad.session.closed).code).toBe(1011);
    await until(() => errors.length > 0);
    expect(errors).toEqual([
      ["Error: no room", { channel: "/<name>/", method: "opened", connection: expect.any(String) }],
    ]);
  });
});
