import type { Connection } from "@ws/connection";
import type { Application } from "@ws/events";
import { builtIn, type Converters } from "./converter.js";
import type { Merged, ParamsOf, PathParams } from "./params.js";
import { checkParams, concatParts, type Part, parsePattern } from "./pattern.js";
import { RouteError } from "./route-error.js";

/** Serves one connection; the connection ends when it returns. `State` is what its `socket.state` holds. */
export type View<Params = PathParams, State = Record<string, unknown>> = (
  socket: Connection<State>,
  params: Params,
) => Promise<void>;

interface RouteBase {
  /** As declared, with the prefixes that it was included under. */
  readonly pattern: string;
  /** The pattern as it was read. */
  readonly parts: readonly Part[];
}

/** A path that leads to a view. */
export interface ViewRoute<Name extends string | undefined = string | undefined, Params = PathParams>
  extends RouteBase {
  readonly kind: "view";
  /** What `reverse` knows it by, with its namespaces: `"admin:chat"`. */
  readonly name: Name;
  view(socket: Connection, params: Params): Promise<void>;
}

/** A prefix under which an application answers every path. */
export interface MountRoute extends RouteBase {
  readonly kind: "mount";
  readonly name: undefined;
  readonly application: Application;
}

export type Route = ViewRoute | MountRoute;

/** What a list of routes may hold: a route, or what `include` gives. */
export type RouteEntry = Route | readonly Route[];

/** Every route of an entry, as a union. */
export type Flat<Entry> = Entry extends readonly (infer Each)[] ? Each : Entry;

/** What `include` takes: a list of routes, or a router. */
export type Includable = readonly RouteEntry[] | { readonly routes: readonly Route[] };

type RoutesOf<From> = From extends { readonly routes: readonly (infer Each)[] }
  ? Each
  : From extends readonly (infer Entry)[]
    ? Flat<Entry>
    : never;

type InNamespace<Name, Namespace extends string> = Name extends string
  ? Namespace extends ""
    ? Name
    : `${Namespace}:${Name}`
  : undefined;

type Included<Each, Prefix extends string, Namespace extends string> =
  Each extends ViewRoute<infer Name, infer Params>
    ? ViewRoute<InNamespace<Name, Namespace>, Merged<ParamsOf<Prefix>, Params>>
    : Each;

export interface WebSocketOptions<Name extends string | undefined, Own extends Converters> {
  /** What `reverse` is to know it by; none by default. */
  readonly name?: Name | undefined;
  /** One's own, beside the built-in; one of the same name goes before it. */
  readonly converters?: Own | undefined;
}

/**
 * Leads a path to a view. `pattern` begins with "/" and is matched against the percent-decoded path; a
 * parameter is written `<name>` or `<converter:name>`. Throws `RouteError` for a bad pattern.
 */
export function websocket<
  const Pattern extends string,
  const Name extends string | undefined = undefined,
  const Own extends Converters = Record<never, never>,
  State = Record<string, unknown>,
>(
  pattern: Pattern,
  view: View<ParamsOf<Pattern, Own>, State>,
  options: WebSocketOptions<Name, Own> = {},
): ViewRoute<NoInfer<Name>, ParamsOf<Pattern, Own>> {
  const parts = parsePattern(pattern, options.converters ?? {});
  // What a state holds is the word of who wrote view and middleware; nothing can check it here.
  const erased = view as View<ParamsOf<Pattern, Own>>;
  return { kind: "view", pattern, parts, name: options.name as Name, view: erased };
}

/** A prefix without its trailing slash, since what follows begins with one. */
function parsePrefix(prefix: string): { readonly pattern: string; readonly parts: readonly Part[] } {
  const pattern = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return { pattern, parts: pattern === "" ? [] : parsePattern(pattern, {}) };
}

/**
 * Puts routes under a prefix, whose parameters their views are given too. With a namespace `"admin"` the name
 * `"chat"` becomes `"admin:chat"`. Throws `RouteError` for a bad prefix, or one that repeats a parameter.
 */
export function include<
  const Prefix extends string,
  const From extends Includable,
  const Namespace extends string = "",
>(
  prefix: Prefix,
  routes: From,
  options: { readonly namespace?: Namespace | undefined } = {},
): readonly Included<RoutesOf<From>, Prefix, NoInfer<Namespace>>[] {
  const before = parsePrefix(prefix);
  const list: readonly RouteEntry[] = "routes" in routes ? routes.routes : routes;
  const included = list.flat().map((route): Route => {
    const name = options.namespace && route.name ? `${options.namespace}:${route.name}` : route.name;
    const pattern = before.pattern + route.pattern;
    const moved = route.parts.map((part) =>
      typeof part === "string" ? part : { ...part, at: part.at + before.pattern.length },
    );
    const parts = concatParts([...before.parts, ...moved]);
    checkParams(pattern, parts);
    return route.kind === "view"
      ? { ...route, pattern, parts, name }
      : mountRoute(pattern, parts, route.application);
  });
  // The compiler cannot follow a union of routes through a map.
  return included as readonly Route[] as readonly Included<RoutesOf<From>, Prefix, Namespace>[];
}

function mountRoute(pattern: string, parts: readonly Part[], application: Application): MountRoute {
  for (const part of parts) {
    if (typeof part === "string" || part.converter !== builtIn.path) continue;
    const problem = "a mount takes all that follows its prefix: no path parameter can be in it";
    throw new RouteError(pattern, part.at, problem);
  }
  return { kind: "mount", name: undefined, pattern, parts, application };
}

/**
 * Gives every path under `prefix`, and `prefix` itself, to an application; `""` or `"/"` is every path.
 * Throws `RouteError` for a bad prefix.
 */
export function mount(prefix: string, application: Application): MountRoute {
  const { pattern, parts } = parsePrefix(prefix);
  return mountRoute(pattern, parts, application);
}
