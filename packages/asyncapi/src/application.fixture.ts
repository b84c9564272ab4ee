import { createBroadcast, memory } from "@ws/broadcast";
import { bytes, type Channel, type Converter, channel } from "@ws/contract";
import { createRouter, include, mount, type Router, websocket } from "@ws/router";
import { implement } from "@ws/service";
import { z } from "zod";
import type { Info } from "./index.js";

const said = z.object({ from: z.string(), text: z.string().min(1).max(500) });
const member = z.object({ name: z.string() });
/** What a client may leave out, and what is always there behind the schema. */
const note = z.object({ text: z.string().default("empty") });

const talk = channel("/chat/<int:room>/", {
  toServer: { note, picture: bytes() },
  toClient: { noted: note, picture: bytes() },
  requests: {
    say: {
      input: said,
      output: z.object({ count: z.number() }),
      errors: { muted: z.object({ until: z.string() }) },
    },
    again: { idempotent: true },
  },
  clientRequests: { confirm: { input: note, output: z.object({ isSure: z.boolean().default(false) }) } },
  topics: { said, "seat/<int:n>": { message: said, presence: member }, "a.b/<slug:s>.<uuid:u>": said },
});

/** A channel that has something of everything. */
export const chat: Channel = talk;

/** A channel of plain JSON. */
export const feed: Channel = channel("/feed/", {
  toServer: z.object({ symbol: z.string() }),
  toClient: z.array(z.number()),
});

const even: Converter<number> = {
  parse: (text) => (Number(text) % 2 === 0 ? Number(text) : undefined),
  format: String,
};

/** An application with both, under a prefix, beside a view of its own and a mount. */
export function application(): Router {
  const broadcast = createBroadcast({ engine: memory() });
  const topic = (name: string) => broadcast.topic(name, said, { history: { size: 10, ttl: 60_000 } });
  const served = implement(
    talk,
    {
      messages: { note: ({ text }, { send }) => send("noted", { text }), picture: () => {} },
      requests: {
        say: async (message, { fail }) => {
          if (message.text === "muted") fail("muted", { until: "tomorrow" });
          await topic("said").publish(message);
          return { count: 1 };
        },
        again: () => {},
      },
      topics: {
        said: () => topic("said"),
        "seat/<int:n>": ({ n }, { user }) =>
          ({ topic: topic(`seat.${n}`), as: { name: String(user) } }) as never,
        "a.b/<slug:s>.<uuid:u>": () => undefined,
      },
    },
    { name: "chat" },
  );
  const silent = (): Promise<void> => Promise.resolve();
  return createRouter([
    include("/v1", [served], { namespace: "v1" }),
    websocket("/feed/", silent),
    websocket("/files/{x} ü/<even:n>/<name>/<path:rest>", silent, {
      converters: { even },
    }),
    mount("/other", async () => {}),
  ]) as Router;
}

export const info: Info = { title: "An application", version: "1.2.3" };
