import { createBroadcast, memory } from "@ws/broadcast";
import { websockets } from "@ws/middleware";
import { createRouter } from "@ws/router";
import { implement } from "@ws/service";
import { chat, said } from "./contract.ts";
import { pages } from "./pages.ts";

// The rooms of one process. For several, or for rooms that outlive a restart, put redis(…) or nats(…) here.
const broadcast = createBroadcast({ engine: memory() });
const room = (name: string) =>
  broadcast.topic(`room.${name}`, said, { history: { size: 100, ttl: 3_600_000 } });

const view = implement(chat, {
  requests: { say: (message, { params }) => room(params.room).publish(message) },
  topics: { said: (_, { params }) => room(params.room) },
});

export default websockets(createRouter([view]))(pages);
