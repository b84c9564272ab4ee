import type { Channel, ParamsOf } from "@ws/contract";
import type { AnyMiddleware, NamedState, NeededInFrontOf, ProvidedBy } from "@ws/events";
import { type ViewRoute, websocket } from "@ws/router";
import type { Implementation } from "./channel/implementation.js";
import { resolveOptions, type ServiceOptions } from "./channel/options.js";
import { type Handlers, Service } from "./channel/service.js";
import { serveConnection } from "./connection/serve-connection.js";

/**
 * Serves a channel: makes a route of it for `createRouter`, which may be under `include` and behind any middleware. It does
 * not compile where a part of the contract has no handler.
 *
 * @throws {TypeError} for a missing handler, a name that the channel does not have, and an invalid option.
 * @throws {RouteError} for an invalid pattern.
 */
export function implement<
  const C extends Channel,
  const Name extends string | undefined = undefined,
  const Use extends readonly AnyMiddleware[] = readonly AnyMiddleware[],
  State extends object = NamedState<ProvidedBy<Use>>,
>(
  channel: C,
  implementation: Implementation<C, State>,
  options: ServiceOptions<Name, Use> = {},
): ViewRoute<NoInfer<Name>, ParamsOf<C["pattern"]>, NamedState<NeededInFrontOf<Use, NoInfer<State>>>> {
  const service = new Service(channel, implementation as Handlers, resolveOptions(options));
  const { name, use } = options;
  const route = websocket(
    channel.pattern as string,
    (socket, params) => serveConnection(service, socket, params),
    { name, use: use as readonly AnyMiddleware[] | undefined },
  );
  // The compiler has compared the handlers with the contract, and the type of the route contains the rest.
  return { ...route, channel } as unknown as ViewRoute<
    Name,
    ParamsOf<C["pattern"]>,
    NamedState<NeededInFrontOf<Use, State>>
  >;
}
