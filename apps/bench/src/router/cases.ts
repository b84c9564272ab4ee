import {
  type BenchRoute,
  chance,
  missing,
  paramRoutes,
  prefixRoutes,
  type RouteList,
  staticRoutes,
} from "./lists.js";

/** What is looked up in which routes. */
export interface Kind {
  readonly name: string;
  readonly list: RouteList;
  /** Where the first route alone is looked up, a hundred among all, or none takes any path. */
  readonly only?: "first" | "busy" | "none";
}

export const kinds: readonly Kind[] = [
  { name: "static", list: staticRoutes },
  { name: "static, 100 busy routes", list: staticRoutes, only: "busy" },
  { name: "static, first route", list: staticRoutes, only: "first" },
  { name: "static, miss", list: staticRoutes, only: "none" },
  { name: "parameters", list: paramRoutes },
  { name: "parameters, 100 busy routes", list: paramRoutes, only: "busy" },
  { name: "parameters, first route", list: paramRoutes, only: "first" },
  { name: "parameters, miss", list: paramRoutes, only: "none" },
  { name: "prefix in the segment", list: prefixRoutes },
  { name: "prefix in the segment, 100 busy routes", list: prefixRoutes, only: "busy" },
  { name: "prefix in the segment, miss", list: prefixRoutes, only: "none" },
];

export const sizes: readonly number[] = [10, 1_000, 10_000];

/** A path, and the route that it leads to; `undefined` for a miss. */
export interface LookUp {
  readonly path: string;
  readonly route: number | undefined;
}

/** Look-ups in an order by chance; every route's turn comes before a second one. */
export function lookUps({ only }: Kind, routes: readonly BenchRoute[], count: number): LookUp[] {
  const order = shuffled(routes.length).slice(0, only === "busy" ? 100 : undefined);
  return Array.from({ length: count }, (_, index) => {
    if (only === "none") return { path: missing(routes), route: undefined };
    const route = only === "first" ? 0 : (order[index % order.length] ?? 0);
    return { path: routes[route]?.path() ?? "", route };
  });
}

function shuffled(length: number): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last -= 1) {
    const other = chance(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
