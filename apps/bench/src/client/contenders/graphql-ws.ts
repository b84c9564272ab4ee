import { EventEmitter, on, once } from "node:events";
import type { AddressInfo } from "node:net";
import { GraphQLInt, GraphQLObjectType, GraphQLSchema } from "graphql";
import { createClient } from "graphql-ws";
import { useServer } from "graphql-ws/use/ws";
import { WebSocket, WebSocketServer } from "ws";
import type { Contender } from "../contender.js";

const published = new EventEmitter().setMaxListeners(0);
async function* numbers(): AsyncGenerator<{ n: number }> {
  for await (const [n] of on(published, "one")) yield { n };
}
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { n: { type: GraphQLInt } } }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: { n: { type: GraphQLInt, subscribe: numbers } },
  }),
});

export const contender: Contender = {
  name: "graphql-ws",
  imports: 'export { createClient } from "graphql-ws"',
  async serve() {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    useServer({ schema }, server);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return { port, publish: (n) => published.emit("one", n), close: () => server.close() };
  },
  listen(port, heard) {
    const client = createClient({
      url: `ws://127.0.0.1:${port}`,
      webSocketImpl: WebSocket,
      retryAttempts: Number.POSITIVE_INFINITY,
    });
    const next = ({ data }: { data?: { n: number } | null }): void => heard(Number(data?.n));
    const error = (reason: unknown): void => process.emitWarning(`${reason}`);
    client.subscribe({ query: "subscription { n }" }, { next, error, complete() {} });
    return () => client.dispose();
  },
};
