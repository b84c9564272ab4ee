import { fillPath, type PathParams } from "@ws/contract/path";
import { findLiteral, findRoute } from "./match/search.js";
import { segmentsOf, withoutTrailingSlash } from "./match/segment.js";
import { shadowingRoute } from "./match/shadowing.js";
import { insertRoute, Node } from "./match/tree.js";
import { didYouMean } from "./pattern/closest.js";
import { RouteError } from "./pattern/route-error.js";
import { checkEntries } from "./route/check-route.js";
import type { Resolution } from "./route/resolution.js";
import type { Flat, Route, RouteEntry, ViewRoute } from "./route/route.js";

/** The names of routes. */
type NameOf<Each> = Each extends { readonly name: infer Name } ? Name & string : never;

type ReverseParams<Each, Name> =
  Each extends ViewRoute<infer Own, infer Params, object> ? (Name extends Own ? Params : never) : never;

/** The arguments of `reverse` after the name: the parameters, or nothing where the pattern has none. */
type ReverseArguments<Each, Name> = keyof ReverseParams<Each, Name> extends never
  ? [params?: Readonly<Record<string, never>>]
  : string extends keyof ReverseParams<Each, Name>
    ? [params?: PathParams]
    : [params: ReverseParams<Each, Name>];

export interface Router<Each extends Route = Route> {
  /** Every route, in the order of declaration. */
  readonly routes: readonly Each[];
  /**
   * The resolution of a percent-decoded path. Where several routes match, the one declared first counts. It never throws.
   * The time is linear in the length of the path, and depends on the number of routes only where parameters overlap.
   */
  resolve(path: string): Resolution | undefined;
  /**
   * The percent-encoded path of a named route. It throws `TypeError` for an unknown name or parameter, and for a value that
   * would not match again.
   */
  reverse<Name extends NameOf<Each>>(name: Name, ...params: ReverseArguments<Each, Name>): string;
}

export interface RouterOptions {
  /** Whether `/a` and `/a/` are two paths (`"strict"`, the default) or one (`"ignore"`). */
  readonly trailingSlash?: "strict" | "ignore" | undefined;
}

/**
 * Makes a router of routes. They are tried in their order.
 *
 * @throws {RouteError} for a name that is given twice, and for a route that no path reaches because an earlier one takes all
 *   of its paths.
 * @throws {TypeError} for an entry that is no route.
 */
export function createRouter<const Entries extends readonly RouteEntry[]>(
  entries: Entries,
  options: RouterOptions = {},
): Router<Flat<Entries[number]>> {
  const routes = checkEntries("createRouter", entries) as readonly Route[] as readonly Flat<
    Entries[number]
  >[];
  return new TreeRouter(routes, options.trailingSlash === "ignore");
}

const slash = 0x2f;

class TreeRouter<Each extends Route> implements Router<Each> {
  readonly routes: readonly Each[];
  readonly #ignoresSlash: boolean;
  readonly #root = new Node(0);
  readonly #named = new Map<string, Route>();

  constructor(routes: readonly Each[], ignoresSlash: boolean) {
    this.routes = routes;
    this.#ignoresSlash = ignoresSlash;
    for (const [index, route] of routes.entries()) {
      this.#addName(route);
      this.#addPath(route, index);
    }
  }

  #addName(route: Route): void {
    if (route.name === undefined) return;
    const earlier = this.#named.get(route.name);
    if (earlier !== undefined) {
      const name = JSON.stringify(route.name.slice(0, 64));
      throw new RouteError(route.pattern, 0, `the name ${name} is that of ${quoted(earlier)} already`);
    }
    this.#named.set(route.name, route);
  }

  #addPath(route: Route, index: number): void {
    const { kind, parts, pattern } = route;
    const segments = segmentsOf(this.#ignoresSlash ? withoutTrailingSlash(parts) : parts);
    const earlier = shadowingRoute(this.#root, segments, kind === "mount")?.route;
    if (earlier !== undefined) {
      const problem = `never reached: the earlier ${quoted(earlier)} takes every path of this route`;
      throw new RouteError(pattern, 0, `${problem}; declare this one first, or remove it`);
    }
    insertRoute(this.#root, segments, route, index);
  }

  resolve(path: string): Resolution | undefined {
    const matched = this.#ignoresSlash && path.endsWith("/") ? path.slice(0, -1) : path;
    const literal = findLiteral(this.#root, matched);
    if (literal !== undefined) return literal.only;
    if (path !== "" && path.charCodeAt(0) !== slash) return undefined;
    const found = findRoute(this.#root, matched);
    return found?.terminal.resolve(matched, found.stop, found.values);
  }

  reverse<Name extends NameOf<Each>>(name: Name, ...params: ReverseArguments<Each, Name>): string {
    const route = this.#named.get(name);
    if (route === undefined) {
      const names = [...this.#named.keys()];
      const known = names.slice(0, 8).join(", ").slice(0, 256);
      const got = `${JSON.stringify(name.slice(0, 64))}${didYouMean(name, names)}`;
      throw new TypeError(`reverse: expected the name of a route (${known}), got ${got}`);
    }
    const path = fillPath(`reverse(${JSON.stringify(name.slice(0, 64))})`, route.parts, params[0] ?? {});
    // Only the value of a `path` parameter can end with a "/" that the pattern does not have.
    if (this.#ignoresSlash && path.endsWith("/") && typeof route.parts.at(-1) !== "string") {
      throw new TypeError(
        `reverse(${JSON.stringify(name)}): expected no trailing slash, which is ignored, got one`,
      );
    }
    return path;
  }
}

function quoted({ pattern }: Route): string {
  return JSON.stringify(pattern.slice(0, 128));
}
