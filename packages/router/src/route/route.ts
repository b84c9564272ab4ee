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

/** Serves one connection; the connection ends when it returns. `State` is what its `socket.state` holds. */
export type View<Params = PathParams, State = UnknownState> = (
  socket: Connection<State>,
  params: Params,
) => Promise<void>;

interface RouteBase {
  /** As declared, with the prefixes that it was included under. */
  readonly pattern: string;
  /** The pattern as it was read. */
  readonly parts: readonly Part[];
}

/** Where the type of the state that a route needs is kept; there is no such property when the program runs. */
declare const needed: unique symbol;

/** A path that leads to a view. `State` is what must be in the state in front of its middleware. */
export interface ViewRoute<
  Name extends string | undefined = string | undefined,
  Params = PathParams,
  State extends object = UnknownState,
> extends RouteBase {
  readonly kind: "view";
  /** What `reverse` knows it by, with its namespaces: `"admin:chat"`. */
  readonly name: Name;
  /** What stands between the router and the view, the outermost first. */
  readonly use: readonly AnyMiddleware[];
  view(socket: Connection, params: Params): Promise<void>;
  /** What travels over it, where whoever made the route has said so, as `implement` of `@ws/service` does; the router does not read it. */
  readonly channel?: Channel | undefined;
  readonly [needed]?: State;
}

/** A prefix under which an application answers every path. `State` is what it needs in the state. */
export interface MountRoute<State extends object = UnknownState> extends RouteBase {
  readonly kind: "mount";
  readonly name: undefined;
  application(scope: Scope, receive: Receive, send: Send): Promise<void>;
  readonly [needed]?: State;
}

/** Any route to a view, whatever it needs in the state. */
export type AnyViewRoute = ViewRoute<string | undefined, PathParams, object>;

/** Any route, whatever it needs in the state. */
export type Route = AnyViewRoute | MountRoute<object>;

/** What a list of routes may hold: a route, or what `include` gives. */
export type RouteEntry = Route | readonly Route[];

/** Every route of an entry, as a union. */
export type Flat<Entry> = Entry extends readonly (infer Each)[] ? Each : Entry;

/** What a route needs in the state. */
type NeededBy<Each> = Each extends { readonly [needed]?: infer State } ? State : UnknownState;

/** What routes need together: a union of functions that take each gives one that takes all. */
export type NeededByAll<Each> = (Each extends unknown ? (state: NeededBy<Each>) => void : never) extends (
  state: infer State,
) => void
  ? NamedState<State>
  : UnknownState;

/** What `include` takes: a list of routes, or a router. */
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
