import type { ParamsOf } from "@ws/contract/path";
import { builtIn, type Converters } from "@ws/contract/path";
import type { AnyMiddleware, Application, NamedState, ProvidedBy, UnknownState } from "@ws/events";
import { checkApplication } from "@ws/events/checks";
import { checkParams, concatParts, type Part, parsePattern } from "../pattern/pattern.js";
import type { CheckedPattern, CheckedPrefix } from "../pattern/pattern-problem.js";
import { RouteError } from "../pattern/route-error.js";
import {
  checkEntries,
  checkIncludeOptions,
  checkPattern,
  checkView,
  checkViewOptions,
} from "./check-route.js";
import type { Behind, Includable, Included, MountRoute, Route, RoutesOf, View, ViewRoute } from "./route.js";

export interface WebSocketOptions<
  Name extends string | undefined,
  Own extends Converters,
  Use extends readonly AnyMiddleware[] = readonly AnyMiddleware[],
> {
  /** The name for `reverse`; none by default. */
  readonly name?: Name | undefined;
  /** Converters of your own, in addition to the built-in ones; one with the same name replaces the built-in one. */
  readonly converters?: Own | undefined;
  /** Middleware for this route alone, the outermost first, such as `[authenticate(…), rateLimit(…)]`. */
  readonly use?: Use | undefined;
}

export interface IncludeOptions<
  Namespace extends string,
  Use extends readonly AnyMiddleware[] = readonly AnyMiddleware[],
> {
  /** The namespace that is put before the names of the routes, with a colon. */
  readonly namespace?: Namespace | undefined;
  /** Middleware around all of these routes and their own middleware, the outermost first. */
  readonly use?: Use | undefined;
}

/** The state of a view behind this middleware, where the view does not declare the state that it needs. */
type StateBehind<Use extends readonly AnyMiddleware[]> = NamedState<ProvidedBy<Use>>;

/**
 * Makes a route from a path to a view. `pattern` begins with "/" and is matched against the percent-decoded path; a
 * parameter is written `<name>` or `<converter:name>`. The type of the view's state contains what the middleware in `use`
 * puts there. What the view needs beyond that must be provided in front of the router; otherwise `serve` does not compile.
 *
 * @throws {RouteError} for an invalid pattern, which the compiler refuses as well where it knows the pattern.
 * @throws {TypeError} for a view that is no function, and for an unknown option.
 */
export function websocket<
  const Pattern extends string,
  const Name extends string | undefined = undefined,
  const Own extends Converters = Record<never, never>,
  const Use extends readonly AnyMiddleware[] = readonly AnyMiddleware[],
  State extends object = StateBehind<Use>,
>(
  pattern: CheckedPattern<Pattern, Own>,
  view: View<ParamsOf<Pattern, Own>, State>,
  options: WebSocketOptions<Name, Own, Use> = {},
): ViewRoute<NoInfer<Name>, ParamsOf<Pattern, Own>, Behind<Use, NoInfer<State>>> {
  checkPattern("websocket", pattern);
  checkView(pattern, view);
  checkViewOptions(pattern, options);
  const parts = parsePattern(pattern, options.converters ?? {});
  // The compiler has compared what the view needs with what is provided, and the type of the route contains the rest.
  const erased = view as unknown as View<ParamsOf<Pattern, Own>>;
  return {
    kind: "view",
    pattern,
    parts,
    name: options.name as Name,
    use: options.use ?? [],
    view: erased,
  };
}

/** A prefix without its trailing slash, because what follows begins with one. */
function parsePrefix(prefix: string): { readonly pattern: string; readonly parts: readonly Part[] } {
  const pattern = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return { pattern, parts: pattern === "" ? [] : parsePattern(pattern, {}) };
}

/**
 * Puts routes under a prefix. Their views are given its parameters as well. With the namespace `"admin"`, the name `"chat"`
 * becomes `"admin:chat"`. The middleware in `use` is in front of all of these routes.
 *
 * @throws {RouteError} for an invalid prefix, or one that repeats a parameter.
 * @throws {TypeError} for a value that is no list of routes, and for an unknown option.
 */
export function include<
  const Prefix extends string,
  const From extends Includable,
  const Namespace extends string = "",
  const Use extends readonly AnyMiddleware[] = readonly AnyMiddleware[],
>(
  prefix: CheckedPrefix<Prefix>,
  routes: From,
  options: IncludeOptions<Namespace, Use> = {},
): readonly Included<RoutesOf<From>, Prefix, NoInfer<Namespace>, Use>[] {
  checkPattern("include", prefix);
  checkIncludeOptions(prefix, options);
  const before = parsePrefix(prefix);
  const list = "routes" in Object(routes) ? (routes as { readonly routes: readonly Route[] }).routes : routes;
  const use = options.use ?? [];
  const included = checkEntries(`include(${JSON.stringify(prefix.slice(0, 64))}, …)`, list).map(
    (route): Route => {
      const name = options.namespace && route.name ? `${options.namespace}:${route.name}` : route.name;
      const pattern = before.pattern + route.pattern;
      const moved = route.parts.map((part) =>
        typeof part === "string" ? part : { ...part, at: part.at + before.pattern.length },
      );
      const parts = concatParts([...before.parts, ...moved]);
      checkParams(pattern, parts);
      return route.kind === "view"
        ? { ...route, pattern, parts, name, use: [...use, ...route.use] }
        : mountRoute(pattern, parts, wrapped(route.application, use));
    },
  );
  // The compiler cannot follow a union of routes through a map.
  return included as readonly Route[] as readonly Included<RoutesOf<From>, Prefix, Namespace, Use>[];
}

function wrapped(application: Application, use: readonly AnyMiddleware[]): Application {
  return use.reduceRight<Application>((inner, outer) => outer(inner) as Application, application);
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
 * Gives `prefix` and every path below it to an application; `""` or `"/"` means every path.
 *
 * @throws {RouteError} for an invalid prefix.
 * @throws {NotAnApplication} for a value that is no application.
 */
export function mount<const Prefix extends string, State extends object = UnknownState>(
  prefix: CheckedPrefix<Prefix>,
  application: Application<State>,
): MountRoute<NoInfer<State>> {
  checkPattern("mount", prefix);
  checkApplication(application, `mount(${JSON.stringify(prefix.slice(0, 64))}, …)`);
  const { pattern, parts } = parsePrefix(prefix);
  return mountRoute(pattern, parts, application as Application) as MountRoute<State>;
}
