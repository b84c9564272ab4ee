import type { Connection } from "@ws/connection";
import type { Channel } from "@ws/contract";
import type { Merged, ParamsOf, PathParams } from "@ws/contract/path";
import type {
  AnyMiddleware,
  NamedState,
  NeededInFrontOf,
  Receive,
  Scope,
  Send,
  UnknownState,
} from "@ws/events";
import type { Part } from "../pattern/pattern.js";

/** Serves one connection, which ends when it returns. `State` is the type of its `socket.state`. */
export type View<Params = PathParams, State = UnknownState> = (
  socket: Connection<State>,
  params: Params,
) => Promise<void>;

interface RouteBase {
  /** The pattern as it was declared, with the prefixes of `include`. */
  readonly pattern: string;
  /** The parts of the pattern. */
  readonly parts: readonly Part[];
}

/** The key of a property that exists only in the type: the state that a route needs. */
declare const needed: unique symbol;

/** A path that leads to a view. `State` is the state that must be there in front of its middleware. */
export interface ViewRoute<
  Name extends string | undefined = string | undefined,
  Params = PathParams,
  State extends object = UnknownState,
> extends RouteBase {
  readonly kind: "view";
  /** The name for `reverse`, with its namespaces: `"admin:chat"`. */
  readonly name: Name;
  /** The middleware between the router and the view, the outermost first. */
  readonly use: readonly AnyMiddleware[];
  view(socket: Connection, params: Params): Promise<void>;
  /**
   * The channel of the route, where its maker has named one, as `implement` of `@ws/service` does. The router does not use
   * it.
   */
  readonly channel?: Channel | undefined;
  readonly [needed]?: State;
}

/** A prefix below which an application answers every path. `State` is the state that it needs. */
export interface MountRoute<State extends object = UnknownState> extends RouteBase {
  readonly kind: "mount";
  readonly name: undefined;
  application(scope: Scope, receive: Receive, send: Send): Promise<void>;
  readonly [needed]?: State;
}

/** Any route to a view, whatever state it needs. */
export type AnyViewRoute = ViewRoute<string | undefined, PathParams, object>;

/** Any route, whatever state it needs. */
export type Route = AnyViewRoute | MountRoute<object>;

/** An entry of a list of routes: a route, or the result of `include`. */
export type RouteEntry = Route | readonly Route[];

/** The routes of an entry, as a union. */
export type Flat<Entry> = Entry extends readonly (infer Each)[] ? Each : Entry;

/** The state that a route needs. */
type NeededBy<Each> = Each extends { readonly [needed]?: infer State } ? State : UnknownState;

/**
 * The state that all of these routes need: the parameter of a union of functions is the intersection of their parameters.
 */
export type NeededByAll<Each> = (Each extends unknown ? (state: NeededBy<Each>) => void : never) extends (
  state: infer State,
) => void
  ? NamedState<State>
  : UnknownState;

/** What `include` accepts: a list of routes, or a router. */
export type Includable = readonly RouteEntry[] | { readonly routes: readonly Route[] };

export type RoutesOf<From> = From extends { readonly routes: readonly (infer Each)[] }
  ? Each
  : From extends readonly (infer Entry)[]
    ? Flat<Entry>
    : never;

type InNamespace<Name, Namespace extends string> = Name extends string
  ? Namespace extends ""
    ? Name
    : `${Namespace}:${Name}`
  : undefined;

/** What a route needs in front of the middleware `Use`, where it needs `State` behind it. */
export type Behind<Use extends readonly AnyMiddleware[], State> = NamedState<NeededInFrontOf<Use, State>>;

export type Included<
  Each,
  Prefix extends string,
  Namespace extends string,
  Use extends readonly AnyMiddleware[],
> =
  Each extends ViewRoute<infer Name, infer Params, object>
    ? ViewRoute<InNamespace<Name, Namespace>, Merged<ParamsOf<Prefix>, Params>, Behind<Use, NeededBy<Each>>>
    : MountRoute<Behind<Use, NeededBy<Each>>>;
