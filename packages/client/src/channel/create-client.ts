import type { Channel } from "@ws/contract";
import type { Address, AddressOf } from "../link/options.js";
import { ChannelClient } from "./channel-client.js";
import type { Client } from "./client.js";
import type { ClientOptions } from "./options.js";

/** Creates the client of a channel. It connects at `connect`, or at the first message, request or subscription. */
export function createClient<C extends Channel>(
  address: Address | AddressOf<C>,
  options: ClientOptions = {},
): Client<C> {
  return new ChannelClient(address, options) as never;
}
