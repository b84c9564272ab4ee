import { describeValue } from "@ws/events/checks";
import { didYouMean } from "../pattern/closest.js";
import type { Route } from "./route.js";

// The compiler refuses these mistakes too. The errors are for code without types, and for types that are wrong.

/** The call as an error names it, such as `websocket("/chat/", …)`. */
function callName(name: string, pattern: string): string {
  return `${name}(${JSON.stringify(pattern.slice(0, 64))}, …)`;
}

/** @throws {TypeError} for what is no text. */
export function checkPattern(name: string, pattern: unknown): asserts pattern is string {
  if (typeof pattern === "string") return;
  throw new TypeError(
    `${name}: expected a pattern first, as ${name}("/chat/<int:room>/", …), got ${describeValue(pattern)}`,
  );
}

/** @throws {TypeError} for what is no function. */
export function checkView(pattern: string, view: unknown): void {
  if (typeof view === "function") return;
  const mistake =
    typeof view === "object" && view !== null && "resolve" in view
      ? "a router was given as a view; include(prefix, router) puts its routes here"
      : "a missing import, or a call in place of the function itself";
  throw new TypeError(
    `${callName("websocket", pattern)}: expected a view, a function (socket, params) => Promise, got ` +
      `${describeValue(view)}. Likely mistake: ${mistake}.`,
  );
}

/**
 * Every option changes what a route does, so a misspelt name must not be ignored: it may be the one that guards the route.
 */
function checkNames(call: string, options: unknown, known: readonly string[]): asserts options is object {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const shape = `{ ${known.join(", ")} }`;
    throw new TypeError(`${call}: expected options as ${shape}, got ${describeValue(options)}`);
  }
  const other = Object.keys(options).find((key) => !known.includes(key));
  if (other === undefined) return;
  throw new TypeError(
    `${call}: unknown option ${describeValue(other)}: expected ${known.join(", ")}${didYouMean(other, known)}`,
  );
}

function checkUse(call: string, use: unknown): void {
  if (use === undefined) return;
  if (!Array.isArray(use)) {
    throw new TypeError(`${call}: use: expected a list of middleware, [a, b], got ${describeValue(use)}`);
  }
  for (const [index, each] of use.entries()) {
    if (typeof each === "function") continue;
    throw new TypeError(`${call}: use[${index}]: expected a middleware, got ${describeValue(each)}`);
  }
}

function checkText(call: string, key: string, value: unknown): void {
  if (value === undefined || typeof value === "string") return;
  throw new TypeError(`${call}: ${key}: expected a text, got ${describeValue(value)}`);
}

function checkConverters(call: string, converters: unknown): void {
  for (const [key, converter] of Object.entries(Object(converters ?? {}))) {
    const { parse, format } = Object(converter) as Readonly<Record<string, unknown>>;
    if (typeof parse === "function" && typeof format === "function") continue;
    throw new TypeError(
      `${call}: converters.${key.slice(0, 64)}: expected an object with the functions parse and format, got ` +
        describeValue(converter),
    );
  }
}

/** @throws {TypeError} for an unknown option of `websocket`, or an invalid value. */
export function checkViewOptions(pattern: string, options: unknown): void {
  const call = callName("websocket", pattern);
  checkNames(call, options, ["name", "converters", "use"]);
  const { name, converters, use } = options as Readonly<Record<string, unknown>>;
  checkText(call, "name", name);
  checkConverters(call, converters);
  checkUse(call, use);
}

/** @throws {TypeError} for an unknown option of `include`, or an invalid value. */
export function checkIncludeOptions(prefix: string, options: unknown): void {
  const call = callName("include", prefix);
  checkNames(call, options, ["namespace", "use"]);
  const { namespace, use } = options as Readonly<Record<string, unknown>>;
  checkText(call, "namespace", namespace);
  checkUse(call, use);
}

function isRoute(value: unknown): value is Route {
  if (typeof value !== "object" || value === null || !("kind" in value) || !("parts" in value)) return false;
  return Array.isArray(value.parts) && (value.kind === "view" || value.kind === "mount");
}

function likelyMistake(value: unknown): string {
  if (typeof value === "function") return "a view without its pattern; write websocket(pattern, view)";
  if (typeof value === "string") return "a list in brackets where websocket(pattern, view) was meant";
  if (typeof value !== "object" || value === null) return "a missing import, or a trailing comma";
  if ("resolve" in value) return 'a router in a list; include("", router) puts its routes here';
  return "an object in place of what websocket, include or mount gives";
}

/**
 * The routes of a list, with the lists that `include` returned flattened.
 *
 * @throws {TypeError} that names the entry that is no route, and the likely mistake.
 */
export function checkEntries(call: string, entries: unknown): readonly Route[] {
  if (!Array.isArray(entries)) {
    const mistake = isRoute(entries) || typeof entries === "function" ? "; put it in brackets: [ … ]" : "";
    throw new TypeError(`${call}: expected a list of routes, got ${describeValue(entries)}${mistake}`);
  }
  const routes: Route[] = [];
  for (const [index, entry] of entries.entries()) {
    for (const route of Array.isArray(entry) ? entry : [entry]) {
      if (!isRoute(route)) {
        throw new TypeError(
          `${call}: entry ${index}: expected what websocket, include or mount gives, got ${describeValue(route)}.` +
            ` Likely mistake: ${likelyMistake(route)}.`,
        );
      }
      routes.push(route);
    }
  }
  return routes;
}
