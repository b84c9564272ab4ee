/**
 * The address of a channel: `createClient(addressOf(chat, { base, params: { room: 5 } }))`. It has an entry point of its
 * own, because a page that writes its addresses by hand does not need it.
 *
 * @module
 */
import type { Channel, ParamsOf } from "@ws/contract";
import { fillPattern } from "@ws/contract/path";
import type { AddressOf } from "./link/options.js";

export type { AddressOf } from "./link/options.js";

/** Where a channel is served, and the parameters of its pattern; `params` may be left out where the pattern has none. */
export type AddressOptions<Pattern extends string> = {
  /** The server, including the path under which its router is mounted: `location.origin`, `"wss://example.org/api/"`. */
  readonly base: string | URL;
} & (keyof ParamsOf<Pattern> extends never
  ? { readonly params?: Readonly<Record<string, never>> }
  : { readonly params: ParamsOf<Pattern> });

/**
 * The address of a channel. The channel is given as a value, or by its pattern where a page has only its type:
 * `addressOf<typeof chat>("/chat/<int:room>/", { base, params })`.
 *
 * @throws {TypeError} for a parameter that is missing, superfluous or does not match the pattern, and for a base that is no
 *   URL.
 */
export function addressOf<const C extends Channel>(
  channel: C | C["pattern"],
  options: AddressOptions<C["pattern"]>,
): AddressOf<C> {
  const { base, params = {} } = options as AddressOptions<"/<name>">;
  const pattern: string = typeof channel === "string" ? channel : channel.pattern;
  const url = new URL(base);
  url.protocol = url.protocol.replace("http", "ws");
  url.pathname = url.pathname.replace(/\/$/, "") + fillPattern("addressOf", pattern, params);
  return url.href;
}
