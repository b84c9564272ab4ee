import type { Contender } from "./contender.js";
import { contender as graphqlWs } from "./contenders/graphql-ws.js";
import { contender as partysocket } from "./contenders/partysocket.js";
import { contender as socketIo } from "./contenders/socket-io.js";
import { contender as trpc } from "./contenders/trpc.js";
import { contender as wsClient } from "./contenders/ws-client.js";

/** Each with the file that it stands in, whose lines are counted. */
export const contenders: readonly (Contender & { readonly file: string })[] = [
  { ...wsClient, file: "ws-client" },
  { ...socketIo, file: "socket-io" },
  { ...trpc, file: "trpc" },
  { ...graphqlWs, file: "graphql-ws" },
  { ...partysocket, file: "partysocket" },
];
