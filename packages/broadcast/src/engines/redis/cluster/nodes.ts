import { mappedAddress, type NodeAddress, type NodeAddressMap } from "../connect/address.js";
import { type Dial, dialAddress, dialAs } from "../connect/client.js";
import { downFailure } from "../connect/failure.js";
import type { RedisSettings } from "../connect/options.js";
import type { OwnClusterClient } from "../connect/own-client.js";

/** How the nodes of a cluster are reached. */
export interface ClusterNodes {
  /**
   * The nodes that are asked for all others.
   *
   * @throws {BroadcastError} where none is known.
   */
  seeds(): readonly NodeAddress[];
  /** Reaches a node by the address that the cluster names. */
  dial(address: NodeAddress): Promise<Dial>;
}

export function nodesByAddress(
  nodes: readonly NodeAddress[],
  { access, nodeAddressMap }: RedisSettings,
): ClusterNodes {
  return {
    seeds: () => nodes,
    dial: async (address) => dialAddress(mappedAddress(address, nodeAddressMap), access),
  };
}

/** Reaches the nodes in the way in which a client of the application reaches them. */
export function nodesByClient(client: OwnClusterClient, map: NodeAddressMap | undefined): ClusterNodes {
  const seeds = (): OwnClusterClient["masters"] => {
    if (client.masters.length > 0) return client.masters;
    throw downFailure(
      "expected a client that is connected, got one that knows no nodes: await its connect() first",
    );
  };
  return {
    seeds,
    dial: async (address) =>
      dialAs(await client.nodeClient(seeds()[0] as never), mappedAddress(address, map)),
  };
}
