import type { Receive, Send, SendEvent, WebSocketScope } from "@ws/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeptLog, webSocket } from "../../raw.fixture.js";
import { type Server, serve } from "../../serve.js";
import { closing, masked, Peer } from "../peer.fixture.js";
import { type ApplicationStep, type ClientStep, Model } from "./model.fixture.js";

type Step =
  | { readonly by: "application"; readonly step: ApplicationStep }
  | { readonly by: "client"; readonly step: ClientStep };

/** The inside of an application that does what it is told. */
interface Puppet {
  readonly scope: WebSocketScope;
  readonly receive: Receive;
  readonly send: Send;
  readonly stop: (error?: Error) => void;
}

const puppets = new Map<string, (puppet: Puppet) => void>();
const puppetry = webSocket(
  (scope, receive, send) =>
    new Promise((resolve, reject) => {
      const stop = (error?: Error): void => (error === undefined ? resolve() : reject(error));
      puppets.get(scope.path)?.({ scope, receive, send, stop });
    }),
);

const body = Buffer.from("part");
const syncing = "sync";

function eventOf(step: ApplicationStep): unknown {
  if (step.do === "accept") return { type: "websocket.accept" };
  if (step.do === "accept a stranger") return { type: "websocket.accept", subprotocol: "stranger" };
  if (step.do === "text") return { type: "websocket.send", text: step.value };
  if (step.do === "bytes") return { type: "websocket.send", bytes: Buffer.from(step.value) };
  if (step.do === "close") return { type: "websocket.close", code: step.code, reason: step.reason };
  if (step.do === "deny") return { type: "websocket.http.response.start", status: 404 };
  if (step.do === "body") return { type: "websocket.http.response.body", body, moreBody: step.more };
  return step.do === "malformed" ? step.event : undefined;
}

function frameOf(step: ClientStep): Buffer {
  if (step.do === "say") return masked(0x81, step.value);
  if (step.do === "ping") return masked(0x89, step.value);
  return masked(0x88, step.do === "leave" && step.code !== undefined ? closing(step.code) : "");
}

/** One connection and its model, side by side. */
class Play {
  readonly #model = new Model();
  readonly #puppet: Puppet;
  readonly #peer: Peer;
  readonly #outcomes: string[] = [];
  readonly #received: unknown[] = [];
  #isUnheard = false;

  constructor(puppet: Puppet, peer: Peer) {
    this.#puppet = puppet;
    this.#peer = peer;
  }

  async application(step: ApplicationStep): Promise<void> {
    this.#model.application(step);
    if (step.do === "receive") void this.#puppet.receive().then((event) => this.#received.push(event));
    else if (step.do === "return") this.#puppet.stop();
    else if (step.do === "throw") this.#puppet.stop(new Error("mine"));
    else {
      const sent = this.#puppet.send(eventOf(step) as SendEvent);
      this.#outcomes.push(
        await sent.then(
          () => "ok",
          (error: Error) => error.name,
        ),
      );
    }
    await this.#settle();
  }

  async client(step: ClientStep): Promise<void> {
    const wasDenying = this.#model.state === "denying";
    if (!this.#model.client(step)) return;
    const { socket } = this.#peer;
    if (step.do !== "drop") socket.write(frameOf(step));
    // A client that only ends its half may still read the denial.
    else if (step.reset || wasDenying) socket.resetAndDestroy();
    else socket.end();
    this.#isUnheard = true;
    await this.#settle();
  }

  /** Waits until both sides have what the model says that they get. */
  async #settle(): Promise<void> {
    const model = this.#model;
    const peer = this.#peer;
    if (model.state === "ended") {
      const signal = this.#puppet.scope.extensions["websocket.disconnect"]?.signal;
      await expect.poll(() => signal?.aborted, { interval: 1 }).toBe(true);
      await peer.ended();
    } else if (model.state !== "connecting") {
      await peer.until(() => peer.status !== 0);
      await peer.until(() => peer.texts.length === model.data.length || peer.status !== 101);
      if (model.state === "connected" && this.#isUnheard) await this.#sync();
    }
    await expect.poll(() => this.#received.length, { interval: 1 }).toBe(model.received.length);
  }

  /** What the client sent before is heard when this is answered. */
  async #sync(): Promise<void> {
    const peer = this.#peer;
    const pongs = peer.frames.filter(({ opcode }) => opcode === 10).length;
    const unanswered = this.#model.pongs.length - this.#pongs().length;
    peer.socket.write(masked(0x89, syncing));
    await peer.until(
      () => peer.frames.filter(({ opcode }) => opcode === 10).length === pongs + unanswered + 1,
    );
    this.#isUnheard = false;
  }

  #pongs(): string[] {
    const pongs = this.#peer.frames.filter(({ opcode }) => opcode === 10);
    return pongs.map(({ payload }) => payload.toString()).filter((payload) => payload !== syncing);
  }

  /** Lets it end, and compares all that was seen with all that should have been. */
  async end(log: KeptLog): Promise<void> {
    await this.application({ do: "return" });
    await new Promise((resolve) => setImmediate(resolve));
    const { outcomes, received, data, pongs, status, closeCode, errors, warnings, isDropped } = this.#model;
    const seen = this.#peer;
    expect({ outcomes: this.#outcomes, received: this.#received }).toEqual({ outcomes, received });
    expect({ data: seen.texts, pongs: this.#pongs() }).toEqual({ data, pongs });
    const logged = { errors: log.of("error").length, warnings: log.of("warn").length };
    expect(logged).toEqual({ errors, warnings });
    if (!isDropped)
      expect({ status: seen.status, code: seen.close?.code }).toEqual({ status, code: closeCode });
  }
}

let count = 0;

async function play(server: Server, log: KeptLog, steps: readonly Step[]): Promise<void> {
  count += 1;
  const path = `/${count}`;
  const called = new Promise<Puppet>((resolve) => puppets.set(path, resolve));
  const peer = await Peer.connect(server, path);
  const run = new Play(await called, peer);
  puppets.delete(path);
  log.lines.length = 0;
  for (const { by, step } of steps) await (by === "application" ? run.application(step) : run.client(step));
  await run.end(log);
}

const word = fc.string({ unit: "grapheme", maxLength: 8 });
const code = fc.constantFrom(1000, 1001, 1011, 3000, 4999);
const malformed = fc.constantFrom<unknown>(
  { type: "websocket.sned" },
  { type: "websocket.send" },
  { type: "websocket.send", text: "a", bytes: new Uint8Array(1) },
  { type: "websocket.send", text: "\ud800" },
  { type: "websocket.close", code: 1005 },
  { type: "websocket.close", code: 1000, reason: "x".repeat(124) },
  { type: "websocket.accept", headers: [["connection", "close"]] },
  { type: "websocket.http.response.start", status: 101 },
  { type: "websocket.http.response.body", body: "text" },
  null,
);
const application = fc.oneof<fc.WeightedArbitrary<ApplicationStep>[]>(
  { weight: 6, arbitrary: fc.constant({ do: "receive" } as const) },
  { weight: 5, arbitrary: fc.constant({ do: "accept" } as const) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom("text" as const, "bytes" as const), value: word }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("close" as const), code, reason: word }) },
  { weight: 2, arbitrary: fc.constant({ do: "deny" } as const) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("body" as const), more: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("malformed" as const), event: malformed }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: "return" } as const, { do: "throw" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "accept a stranger" } as const) },
);
const client = fc.oneof<fc.WeightedArbitrary<ClientStep>[]>(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("say" as const, "ping" as const), value: word }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("leave" as const), code: fc.option(code, { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), reset: fc.boolean() }) },
);
const anyStep = fc.oneof<fc.Arbitrary<Step>[]>(
  fc.record({ by: fc.constant("application" as const), step: application }),
  fc.record({ by: fc.constant("application" as const), step: application }),
  fc.record({ by: fc.constant("client" as const), step: client }),
);

test("any sequence of what an application and a client may do comes to what the contract says", async () => {
  const log = new KeptLog();
  await using server = await serve(puppetry, { port: 0, logger: log });
  const property = fc.asyncProperty(fc.array(anyStep, { maxLength: 14, size: "max" }), (steps) =>
    play(server, log, steps),
  );
  // A failure prints its seed and its shortest sequence.
  await fc.assert(property, { numRuns: 300 });
});
