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
const packagesOf: Readonly<Record<ContenderName, readonly string[]>> = {
  "bare-ws": ["ws"],
  "ws-stack": ["@ws/server"],
  "ws-app": ["@ws/server"],
  "socket.io": ["socket.io"],
  "fastify-websocket": ["fastify", "@fastify/websocket"],
  crossws: ["crossws"],
  hono: ["hono", "@hono/node-server", "@hono/node-ws"],
};

/** The packages whose versions are told with the figures. */
export const measuredPackages: readonly string[] = [
  ...new Set([...Object.values(packagesOf).flat(), "bufferutil", "zod"]),
];

export const contenders: readonly ContenderName[] = Object.keys(packagesOf) as ContenderName[];

/** Whom all others are compared with. */
export const control: ContenderName = "bare-ws";

/** Whose goals they are. */
export const ours: ContenderName = "ws-stack";
