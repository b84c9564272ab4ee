import { createRouter, websocket } from "@ws/router";
import findMyWay from "find-my-way";
import { match } from "path-to-regexp";
import type { BenchRoute } from "./lists.js";

/** Where a path leads: the number of the route, and its parameters as text. */
interface Answer {
  readonly route: number;
  readonly params: Readonly<Record<string, string>>;
}

/** A router that was filled. What `find` gives is its own; `undefined`, `null` and `false` are a miss. */
export interface Filled {
  find(path: string): unknown;
  answer(path: string): Answer | undefined;
}

export interface Contender {
  readonly name: string;
  fill(routes: readonly BenchRoute[]): Filled;
}

const texts = (params: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));

const view = async (): Promise<void> => {};

const own: Contender = {
  name: "@ws/router",
  fill(routes) {
    const router = createRouter(routes.map(({ pattern }) => websocket(pattern, view)));
    const numbers = new Map<unknown, number>(router.routes.map((route, index) => [route, index]));
    return {
      find: (path) => router.resolve(path),
      answer(path) {
        const found = router.resolve(path);
        return found && { route: numbers.get(found.route) ?? -1, params: texts(found.params) };
      },
    };
  },
};

/** Its parameters are text that nothing has checked, which is less than what @ws/router does. */
function fillFindMyWay(routes: readonly BenchRoute[], compiled: boolean): Filled {
  const router = findMyWay();
  for (const [index, { colon }] of routes.entries()) router.on("GET", colon, view, { index });
  if (compiled) router.compile();
  return {
    find: (path) => router.find("GET", path),
    answer(path) {
      const found = router.find("GET", path);
      return found === null ? undefined : { route: found.store.index, params: texts(found.params) };
    },
  };
}

/**
 * One match function after the other, as its users do. With its options for the same meaning, all of which
 * make it faster: case and trailing slash count, and the path is decoded already. Where `checked`, with what its
 * users have to add for what @ws/router gives: integers as numbers, and no match for what is none.
 */
function fillPathToRegexp(routes: readonly BenchRoute[], checked: boolean): Filled {
  const options = { sensitive: true, trailing: false, decode: false } as const;
  const matchers = routes.map(({ colon, pattern }) => {
    const matcher: (path: string) => false | { params: Record<string, unknown> } = match(colon, options);
    const checks = checked ? checksOf(pattern) : [];
    if (checks.length === 0) return matcher;
    return (path: string) => {
      const found = matcher(path);
      return found !== false && checks.every((check) => check(found.params)) && found;
    };
  });
  return {
    find(path) {
      for (const matcher of matchers) {
        const found = matcher(path);
        if (found !== false) return found;
      }
      return undefined;
    },
    answer(path) {
      for (const [route, matcher] of matchers.entries()) {
        const found = matcher(path);
        if (found !== false) return { route, params: texts(found.params) };
      }
      return undefined;
    },
  };
}

type Check = (params: Record<string, unknown>) => boolean;

const syntax: Readonly<Record<string, RegExp>> = {
  slug: /^[-a-zA-Z0-9_]+$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
};

function checksOf(pattern: string): Check[] {
  return [...pattern.matchAll(/<(int|slug|uuid):(\w+)>/g)].map(([, converter = "", name = ""]): Check => {
    const expression = syntax[converter];
    if (expression !== undefined) return (params) => expression.test(String(params[name]));
    return (params) => {
      const text = String(params[name]);
      params[name] = Number(text);
      return /^[0-9]+$/.test(text) && Number.isSafeInteger(params[name]);
    };
  });
}

export const contenders: readonly Contender[] = [
  own,
  { name: "find-my-way", fill: (routes) => fillFindMyWay(routes, false) },
  { name: "find-my-way, compiled", fill: (routes) => fillFindMyWay(routes, true) },
  { name: "path-to-regexp", fill: (routes) => fillPathToRegexp(routes, false) },
  { name: "path-to-regexp, checked", fill: (routes) => fillPathToRegexp(routes, true) },
];
