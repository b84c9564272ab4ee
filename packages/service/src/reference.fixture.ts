import type { createBroadcast } from "@ws/broadcast";
import { bytes, channel } from "@ws/contract";
import type { Route } from "@ws/router";
import { z } from "zod";
import { implement } from "./index.js";

const item = z.object({ n: z.number() });

/** The channel that the protocol's conformance suite speaks to: `docs/wire.md`. */
const reference = channel("/wire/<room>/", {
  toServer: { note: item, tell: z.object({ text: z.string() }), picture: bytes() },
  toClient: { told: z.object({ text: z.string() }), picture: bytes() },
  requests: {
    echo: { input: z.object({ value: z.unknown() }), output: z.object({ value: z.unknown() }) },
    nothing: {},
    fail: { input: z.object({ reason: z.string() }), errors: { failed: z.object({ reason: z.string() }) } },
    crash: {},
    wait: {},
    notes: { output: z.object({ notes: z.array(z.number()) }) },
    count: { input: z.object({ by: z.number() }), output: z.object({ count: z.number() }) },
    ask: { input: z.object({ what: z.string() }), output: z.object({ confirmed: z.boolean() }) },
    publish: { input: item },
  },
  clientRequests: { confirm: { input: z.object({ what: z.string() }), output: z.boolean() } },
  topics: { log: item, quick: item, "page/<int:n>": item, secret: item },
});

/** Serves it. */
export function referenceRoute(broadcast: ReturnType<typeof createBroadcast>): Route {
  const notes = new Map<string, number[]>();
  const counts = new Map<string, number>();
  const history = { size: 100, ttl: 60_000 };
  const log = (room: string) => broadcast.topic(`log.${room}`, item, { history });
  return implement(
    reference,
    {
      messages: {
        note: ({ n }, { params }) => void notes.set(params.room, [...(notes.get(params.room) ?? []), n]),
        tell: (message, { send }) => send("told", message),
        picture: (picture, { send }) => send("picture", picture),
      },
      requests: {
        echo: ({ value }) => ({ value }),
        nothing: () => {},
        fail: ({ reason }, { fail }) => fail("failed", { reason }),
        crash: () => {
          throw new Error("the password is 1234");
        },
        wait: (_, { signal }) => new Promise((resolve) => signal.addEventListener("abort", resolve)),
        notes: (_, { params }) => ({ notes: notes.get(params.room) ?? [] }),
        count: ({ by }, { params }) => {
          const count = (counts.get(params.room) ?? 0) + by;
          counts.set(params.room, count);
          return { count };
        },
        ask: async (input, { request }) => ({ confirmed: await request("confirm", input) }),
        publish: (message, { params }) => log(params.room).publish(message),
      },
      topics: {
        log: (_, { params }) => log(params.room),
        quick: (_, { params }) => broadcast.topic(`quick.${params.room}`, item),
        "page/<int:n>": ({ n }, { params }) => broadcast.topic(`page.${params.room}.${n}`, item),
        secret: () => undefined,
      },
    },
    { onError: () => {} },
  );
}
