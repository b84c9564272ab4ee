import type { Channel } from "@ws/contract";
import type { Address, AddressOf } from "../link/options.js";
import { ChannelClient } from "./channel-client.js";
import type { Client } from "./client.js";
import type { ClientOptions } from "./options.js";

/** The other end of a channel. Nothing is dialed before `connect`, or the first message, request or subscription. */
export function createClient<C extends Channel>(
  address: Address | AddressOf<C>,
  options: ClientOptions = {},
): Client<C> {
  return new ChannelClient(address, options) as never;
}
