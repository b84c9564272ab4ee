import { createClient } from "@redis/client";
import { EngineServer } from "../broadcast/engine-server.js";

const slots = 16_384;

/** Three Redis servers that are a cluster, without replicas. */
export async function startCluster(core: number): Promise<readonly EngineServer[]> {
  const servers = await Promise.all([1, 2, 3].map(() => EngineServer.startNode(core)));
  const clients = await Promise.all(servers.map(({ url }) => createClient({ url }).connect()));
  const share = Math.ceil(slots / servers.length);
  for (const [index, client] of clients.entries()) {
    const last = Math.min(slots, (index + 1) * share) - 1;
    await client.sendCommand(["CLUSTER", "ADDSLOTSRANGE", String(index * share), String(last)]);
    await client.sendCommand(["CLUSTER", "SET-CONFIG-EPOCH", String(index + 1)]);
  }
  for (const { url, busPort } of servers.slice(1)) {
    const { hostname, port } = new URL(url);
    await clients[0]?.sendCommand(["CLUSTER", "MEET", hostname, port, String(busPort)]);
  }
  for (const client of clients) {
    while (!String(await client.sendCommand(["CLUSTER", "INFO"])).includes("cluster_state:ok"));
    client.destroy();
  }
  return servers;
}
