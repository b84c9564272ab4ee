/** A route in the spelling of every contender, and a path of it. */
export interface BenchRoute {
  /** `/a/<int:id>/` */
  readonly pattern: string;
  /** `/a/:id/` */
  readonly colon: string;
  /** A path of this route, other values each time. */
  path(): string;
}

/** A list of routes for each size that is asked for. */
export type RouteList = (size: number) => BenchRoute[];

const resources = ["orders", "invoices", "members", "devices", "messages", "reports", "sessions", "events"];
const actions = ["", "recent/", "live/", "archive/", "settings/", "export/"];

/** Numbers between 0 and 1, the same in each run. Source: Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** From 0 up to, not with, `end`. */
export const chance: (end: number) => number = (
  (random) => (end: number) =>
    Math.floor(random() * end)
)(seeded(4));

const hex = (length: number): string =>
  Array.from({ length }, () => "0123456789abcdef".charAt(chance(16))).join("");

const values: Readonly<Record<string, () => string>> = {
  int: () => String(1 + chance(100_000)),
  slug: () => `${resources[chance(resources.length)]}-of-${chance(1_000)}`,
  uuid: () => [8, 4, 4, 4, 12].map(hex).join("-"),
  str: () => `${hex(6)}.${hex(3)}`,
};

const placeholder = /<([a-z]+):([a-z]+)>/g;

function route(pattern: string): BenchRoute {
  return {
    pattern,
    colon: pattern.replaceAll(placeholder, ":$2"),
    path: () => pattern.replaceAll(placeholder, (_, converter: string) => values[converter]?.() ?? ""),
  };
}

const list = (pattern: (index: number) => string): RouteList => {
  return (size) => Array.from({ length: size }, (_, index) => route(pattern(index)));
};

/** Two or three segments of text: eight resources with six actions each under a prefix. */
export const staticRoutes: RouteList = list((index) => {
  const action = Math.floor(index / resources.length);
  const prefix = Math.floor(action / actions.length);
  return `/area${prefix}/${resources[index % resources.length]}/${actions[action % actions.length]}`;
});

const mix = [
  "users/<int:id>/",
  "users/<int:id>/posts/<slug:post>/",
  "users/<int:id>/posts/<slug:post>/comments/<int:comment>/",
  "files/<uuid:file>",
  "search/<str:text>/",
  "users/<int:id>/settings/",
];

/** A mix of patterns under every prefix. */
export const paramRoutes: RouteList = list(
  (index) => `/team${Math.floor(index / mix.length)}/${mix[index % mix.length]}`,
);

/** One segment whose literal is another in each route. */
export const prefixRoutes: RouteList = list((index) => `/rooms/room-${index}-<int:id>/`);

/** Paths that no route takes, though many begin like one. */
export function missing(routes: readonly BenchRoute[]): string {
  const path = routes[chance(routes.length)]?.path() ?? "";
  const ways = [
    `/elsewhere${path}`,
    `${path}/more`,
    `/x${path.slice(1)}`,
    path.replace(/^(\/[^/]+)\/[^/]+/, "$1/unknown"),
  ];
  return ways[chance(ways.length)] ?? "";
}
