import { pathToFileURL } from "node:url";
import { asWebSocket, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { handleSignals, type Server, serve } from "@ws/server";
import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { makeServer } from "graphql-ws";

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: "Query",
    fields: { hello: { type: GraphQLString, resolve: () => "world" } },
  }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: {
      countdown: {
        type: GraphQLInt,
        args: { from: { type: new GraphQLNonNull(GraphQLInt) } },
        subscribe: async function* (_root: unknown, { from }: { from: number }) {
          for (let left = from; left >= 0; left -= 1) yield { countdown: left };
        },
      },
    },
  }),
});

const graphql = makeServer({ schema });

const routes = createRouter([
  websocket("/graphql", (socket) =>
    asWebSocket(
      socket,
      (client) => {
        const closed = graphql.opened(
          {
            protocol: client.protocol,
            send: (data) =>
              new Promise((resolve, reject) => {
                client.send(data, (error) => (error ? reject(error) : resolve()));
              }),
            close: (code, reason) => client.close(code, reason),
            onMessage: (take) => client.on("message", (data) => take(String(data))),
          },
          { socket },
        );
        client.once("close", (code, reason) => void closed(code, String(reason)));
      },
      { subprotocol: "graphql-transport-ws" },
    ),
  ),
]);

export function start(port: number): Promise<Server> {
  return serve(websockets(routes)(), { port });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const server = await start(Number(process.env["PORT"] ?? 8000));
  handleSignals(server);
  process.stdout.write(`Listening at ${server.url}/graphql\n`);
}
