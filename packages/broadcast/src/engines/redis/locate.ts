import { RedisClusterLink } from "./cluster/cluster-link.js";
import { nodesByAddress, nodesByClient } from "./cluster/nodes.js";
import type { NodeAccess } from "./connect/client.js";
import { type Dial, dialAddress, dialAs } from "./connect/client.js";
import { RedisLink } from "./connect/link.js";
import type { RedisSettings } from "./connect/options.js";
import { databaseOfClient, isClusterClient, type OwnClient } from "./connect/own-client.js";
import type { Locate } from "./connect/reconnector.js";
import { locateBySentinels } from "./connect/sentinel.js";

/** The port of Redis where a URL names none. */
const usualPort = 6_379;

/** Reaches the server of a URL. Name, password and TLS are in `access`. */
export function dialUrl(url: string, access: NodeAccess): Dial {
  const { hostname, port } = new URL(url);
  const host = hostname === "" ? "localhost" : hostname.replace(/^\[(.*)\]$/, "$1");
  return dialAddress({ host, port: port === "" ? usualPort : Number(port) }, access);
}

function locateByClient(client: OwnClient, settings: RedisSettings): Locate {
  return async () =>
    isClusterClient(client)
      ? new RedisClusterLink(nodesByClient(client, settings.nodeAddressMap), settings)
      : new RedisLink(dialAs(client), settings);
}

/** The number of the database that is used. */
export function databaseOf({ place, access }: RedisSettings): number {
  return place.kind === "client" ? databaseOfClient(place.client) : access.database;
}

/** Makes the function that finds Redis, by the place that the options name. */
export function locatorOf(settings: RedisSettings): Locate {
  const { place, access } = settings;
  switch (place.kind) {
    case "server":
      return async () => new RedisLink(dialUrl(place.url, access), settings);
    case "sentinel":
      return locateBySentinels(place, settings);
    case "client":
      return locateByClient(place.client, settings);
    case "cluster":
      return async () => new RedisClusterLink(nodesByAddress(place.nodes, settings), settings);
  }
}
