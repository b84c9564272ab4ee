import { type Broadcast, BroadcastError } from "@ws/broadcast";
import { CloseCode } from "@ws/events";
import type { Logger } from "@ws/server";
import { type Context, implement } from "@ws/service";
import { chat as channel, type Person } from "./contract.js";
import { identified } from "./identified.js";
import { type Refusal, Seats } from "./seats.js";

type ChatContext = Context<typeof channel, { readonly person: Person }>;

const history = { size: 100, ttl: 600_000 };

/** A chat in rooms. What was said is kept for a while, so that who was away gets it when he is back. */
export function chat(broadcast: Broadcast, logger: Logger) {
  const seats = new Seats(broadcast);
  const roomOf = ({ params }: ChatContext) =>
    broadcast.topic(`chat.${params.room}`, channel.spec.topics.said.message, { history });

  const seat = async ({
    params,
    socket,
    state,
  }: ChatContext): Promise<Refusal | "unreachable" | undefined> => {
    try {
      return await seats.take(socket, params.room, state.person);
    } catch (error) {
      if (!(error instanceof BroadcastError)) throw error;
      // A client that comes back later may find the engine there again.
      await socket.close(CloseCode.TryAgainLater, "the room can't be reached");
      return "unreachable";
    }
  };

  return implement(
    channel,
    {
      requests: {
        async join(_, context) {
          const refusal = await seat(context);
          if (refusal !== undefined) context.fail(refusal, {});
          return { name: context.state.person.name };
        },
        async say({ text }, context) {
          if ((await seat(context)) !== undefined) context.deny();
          const { name } = context.state.person;
          try {
            await roomOf(context).publish({ name, text, at: new Date().toISOString() });
          } catch (error) {
            if (!(error instanceof BroadcastError)) throw error;
            context.fail("uncertain", {});
          }
        },
      },
      topics: {
        async said(_, context) {
          if ((await seat(context)) !== undefined) return undefined;
          return { topic: roomOf(context), as: { name: context.state.person.name } };
        },
      },
    },
    {
      use: [identified],
      onError(error, { method }) {
        // That the engine is down the log says once.
        if (!(error instanceof BroadcastError)) logger.error("the chat failed", { method, error });
      },
    },
  );
}
