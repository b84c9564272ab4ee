import type { Route } from "./index.js";

/** The router's contract once more, the plain way: one regular expression for each route, tried in order. */
const sources = new Map<string, string>([
  ["str", "[^/]+"],
  ["int", "[0-9]+"],
  ["slug", "[-a-zA-Z0-9_]+"],
  ["uuid", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"],
  ["path", "[^]+"],
]);

const placeholder = /<([a-z]+):([A-Za-z_0-9]+)>/g;

export interface Expected {
  readonly route: Route;
  readonly params: Record<string, unknown>;
  readonly rootPath: string | undefined;
}

/** What a route makes of a path. Every parameter of its pattern names its converter. */
export function matchAlone(route: Route, path: string): Expected | undefined {
  const fields = [...route.pattern.matchAll(placeholder)];
  const literals = route.pattern.split(/<[^>]*>/).map((text) => text.replace(/[.$^*+?()[\]{}|\\]/g, "\\$&"));
  const body = literals.map((text, index) =>
    index === 0 ? text : `(${sources.get(fields[index - 1]?.[1] ?? "")})${text}`,
  );
  const end = route.kind === "mount" ? "(?=/|$)" : "$";
  const match = new RegExp(`^${body.join("")}${end}`).exec(path);
  if (match === null || (path !== "" && !path.startsWith("/"))) return undefined;
  const params: Record<string, unknown> = {};
  for (const [index, [, converter, name = ""]] of fields.entries()) {
    const text = match[index + 1] ?? "";
    params[name] = converter === "int" ? Number(text) : text;
    if (converter === "int" && !Number.isSafeInteger(params[name])) return undefined;
  }
  return { route, params, rootPath: route.kind === "mount" ? match[0] : undefined };
}

/** The first route that takes a path. */
export function resolveByReference(routes: readonly Route[], path: string): Expected | undefined {
  for (const route of routes) {
    const expected = matchAlone(route, path);
    if (expected !== undefined) return expected;
  }
  return undefined;
}
