import { type Channel, channel } from "@ws/contract";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { type FakeSockets, fakeSockets, settled } from "../fake-socket.fixture.js";
import { type Client, type ClientOptions, createClient } from "../index.js";

const said = z.object({ text: z.string() });

/** The channel of the tests. */
export const chat = channel("/chat/<int:room>/", {
  toServer: { typing: z.object({ on: z.boolean() }) },
  toClient: { notice: z.object({ text: z.string() }) },
  requests: {
    say: {
      input: said,
      output: z.object({ n: z.number() }),
      errors: { muted: z.object({ until: z.string() }) },
    },
    history: { output: z.array(said), idempotent: true },
  },
  clientRequests: { confirm: { input: z.object({ text: z.string() }), output: z.boolean() } },
  topics: { said: { message: said, presence: z.object({ name: z.string() }) }, "price/<slug:symbol>": said },
});

export interface Made<C extends Channel = typeof chat> {
  readonly client: Client<C>;
  readonly sockets: FakeSockets;
}

/** A client whose sockets do what the test says. */
export function made(options: ClientOptions = {}): Made {
  const sockets = fakeSockets();
  const client = createClient<typeof chat>("ws://test/chat/5/", { WebSocket: sockets.WebSocket, ...options });
  onTestFinished(() => client.close());
  return { client, sockets };
}

/** A client that the server has greeted. */
export async function greeted(options: ClientOptions = {}, hello?: object): Promise<Made> {
  const both = made(options);
  const connecting = both.client.connect();
  await settled();
  both.sockets.last.open();
  both.sockets.last.hello(hello);
  await connecting;
  return both;
}

/** Opens the socket that is being dialed, and greets. */
export function greet({ sockets }: Made): void {
  sockets.last.open();
  sockets.last.hello();
}

/** Answers the last frame of a method that the client sent. */
export function answer({ sockets }: Made, method: string, result: unknown): void {
  const id = sockets.last.framesOf(method).at(-1)?.id;
  sockets.last.tell({ id, result });
}

export function fail({ sockets }: Made, method: string, error: object): void {
  const id = sockets.last.framesOf(method).at(-1)?.id;
  sockets.last.tell({ id, error });
}

/** A message of the topic `said`, at a position of the epoch `e`. */
export function event({ sockets }: Made, sequence: number, topic = "said"): void {
  sockets.last.tell({
    method: "$/event",
    params: { topic, at: `e.${sequence}`, data: { text: String(sequence) } },
  });
}
