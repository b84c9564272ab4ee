/** Who can be measured. */
export type ContenderName =
  | "bare-ws"
  | "ws-stack"
  | "ws-app"
  | "socket.io"
  | "fastify-websocket"
  | "crossws"
  | "hono";

/** The packages whose versions are told of each; `--quick` has the first three. */
export const packagesOf: Readonly<Record<ContenderName, readonly string[]>> = {
  "bare-ws": ["ws"],
  "ws-stack": ["@ws/server"],
  "ws-app": ["@ws/server"],
  "socket.io": ["socket.io"],
  "fastify-websocket": ["fastify", "@fastify/websocket"],
  crossws: ["crossws"],
  hono: ["hono", "@hono/node-server", "@hono/node-ws"],
};

export const contenders: readonly ContenderName[] = Object.keys(packagesOf) as ContenderName[];

/** Whom all others are compared with. */
export const control: ContenderName = "bare-ws";

/** Whose goals they are. */
export const ours: ContenderName = "ws-stack";
