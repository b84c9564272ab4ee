import { createBroadcast, memory } from "@ws/broadcast";
import { websockets } from "@ws/middleware";
import { createRouter } from "@ws/router";
import { implement } from "@ws/service";
import { start } from "@ws/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { Conversation } from "../../public/conversation.js";
import { chat } from "../chat/contract.js";

interface Begun {
  readonly told: string[];
  readonly say: (text: string) => Promise<unknown>;
  readonly revoke: () => void;
  readonly cut: () => void;
  /** What becomes of the next who asks for a seat: it is given, or the reason why not. */
  readonly seats: { next: "given" | "taken" };
}

/** A conversation with a room that a test takes away. */
async function begun(): Promise<Begun> {
  const broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("room", chat.spec.topics.said.message, { history: { size: 9, ttl: 60_000 } });
  const said = (text: string): Promise<unknown> =>
    topic.publish({ name: "Bo", text, at: new Date().toISOString() });
  let revoking = new AbortController();
  const seats: Begun["seats"] = { next: "given" };
  const view = implement(chat, {
    requests: {
      join: (_, { fail }) => (seats.next === "given" ? { name: "Ada" } : fail(seats.next, {})),
      say: () => {},
    },
    topics: { said: () => (seats.next === "given" ? { topic, until: revoking.signal } : undefined) },
  });
  const server = await start(websockets(createRouter([view]))(async () => {}));
  vi.stubGlobal("WebSocket", server.WebSocket);
  const told: string[] = [];
  const conversation = new Conversation({ protocol: "http:", host: "test" }, "talk", "Ada", {
    onState: ({ phase }) => void (phase === "closed" && told.push(phase)),
    onSeated: (name) => void told.push(`seated ${name}`),
    onRefused: (problem) => void told.push(problem),
    onSaid: ({ text }) => void told.push(text),
    onGap: ({ reason }) => void told.push(reason),
    onCaughtUp: () => void told.push("caught up"),
    onPresent: () => {},
  });
  onTestFinished(async () => {
    conversation.leave();
    await server.close({ grace: 1_000 });
    await broadcast.close();
  });
  await expect.poll(() => told).toEqual(["seated Ada", "caught up"]);
  return {
    told,
    say: said,
    seats,
    revoke() {
      const old = revoking;
      revoking = new AbortController();
      old.abort();
    },
    cut: () => server.network.cut(),
  };
}

test("a conversation that the server ends is told to have ended, and does not stand still in silence", async () => {
  const { told, say, revoke } = await begun();
  await say("hello");
  await expect.poll(() => told).toContain("hello");
  revoke();
  await expect.poll(() => told.at(-1)).toBe("The server has ended this conversation: revoked.");
});

test("who finds his seat taken after a loss is told just that", async () => {
  const { told, cut, seats } = await begun();
  seats.next = "taken";
  cut();
  await expect.poll(() => told.slice(2)).toEqual(["Somebody of that name is here already."]);
});
