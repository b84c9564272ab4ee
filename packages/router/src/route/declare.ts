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
  /** What `reverse` is to know it by; none by default. */
  readonly name?: Name | undefined;
  /** One's own, beside the built-in; one of the same name goes before it. */
  readonly converters?: Own | undefined;
  /** Middleware for this route alone, the outermost first: such as `[authenticate(…), rateLimit(…)]`. */
  readonly use?: Use | undefined;
}

export interface IncludeOptions<
  Namespace extends string,
  Use extends readonly AnyMiddleware[] = readonly AnyMiddleware[],
> {
  /** What is put before the names of the routes, with a colon. */
  readonly namespace?: Namespace | undefined;
  /** Middleware for all these routes, around what each has itself; the outermost first. */
  readonly use?: Use | undefined;
}

/** What a view behind this middleware finds in its state where it doesn't say itself what it needs. */
type StateBehind<Use extends readonly AnyMiddleware[]> = NamedState<ProvidedBy<Use>>;

/**
 * Leads a path to a view. `pattern` begins with "/" and is matched against the percent-decoded path; a
 * parameter is written `<name>` or `<converter:name>`. A view knows by its type what the middleware in `use` puts into
 * the state; what it needs beyond that must be provided in front of the router, or `serve` does not compile.
 *
 * @throws {RouteError} for a bad pattern, which the compiler refuses too where it knows the pattern.
 * @throws {TypeError} for a view that is no function, and for an option that is not known.
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
  // The compiler has compared what the view needs with what is provided, and the route carries the rest in its type.
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

/** A prefix without its trailing slash, since what follows begins with one. */
function parsePrefix(prefix: string): { readonly pattern: string; readonly parts: readonly Part[] } {
  const pattern = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return { pattern, parts: pattern === "" ? [] : parsePattern(pattern, {}) };
}

/**
 * Puts routes under a prefix, whose parameters their views are given too. With a namespace `"admin"` the name
 * `"chat"` becomes `"admin:chat"`. The middleware in `use` stands in front of all of them.
 *
 * @throws {RouteError} for a bad prefix, or one that repeats a parameter.
 * @throws {TypeError} for what is no list of routes, and for an option that is not known.
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
 * Gives every path under `prefix`, and `prefix` itself, to an application; `""` or `"/"` is every path.
 *
 * @throws {RouteError} for a bad prefix.
 * @throws {NotAnApplication} for what is no application.
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
