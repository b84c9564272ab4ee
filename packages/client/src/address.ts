/**
 * The address of a channel: `createClient(addressOf(chat, { base, params: { room: 5 } }))`. It has an entry of its own, since a page that
 * writes its addresses by hand needs none of it.
 *
 * @module
 */
import type { Channel, ParamsOf } from "@ws/contract";
import { fillPattern } from "@ws/contract/path";
import type { AddressOf } from "./link/options.js";

export type { AddressOf } from "./link/options.js";

/** Where a channel is served, and what its pattern is filled with; `params` may be left out where it has none. */
export type AddressOptions<Pattern extends string> = {
  /** The server, with the path under which its router is mounted: `location.origin`, `"wss://example.org/api/"`. */
  readonly base: string | URL;
} & (keyof ParamsOf<Pattern> extends never
  ? { readonly params?: Readonly<Record<string, never>> }
  : { readonly params: ParamsOf<Pattern> });

/**
 * The address of a channel, which is given as a value; or by its pattern alone, for a page that has no more of it than its type:
 * `addressOf<typeof chat>("/chat/<int:room>/", { base, params })`.
 *
 * @throws {TypeError} for a parameter that is missing, superfluous, or not what the pattern takes; for a base that is no URL.
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
