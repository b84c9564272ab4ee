import { describeValue } from "../errors/describe-value.js";
import { printable } from "../errors/printable.js";
import type { WebSocketScope } from "../model/scope.js";
import { type Origin, parseOrigin, serializeOrigin } from "./origin.js";

/**
 * Decides whether a page with this `Origin` may connect. It is called only with well-formed origins, as they were sent, and
 * never for a request without one. Only `true` allows the page.
 */
export type OriginTest = (origin: string, scope: WebSocketScope) => boolean | Promise<boolean>;

/**
 * Which origins may connect: `"*"` for all, a function, or a list. An entry of the list is an origin
 * (`"https://example.com"`, `"http://localhost:3000"`, `"file://"`), all subdomains of a host (`"https://*.example.com"`,
 * which does not include the host itself), `"null"`, or `"same-host"` for the host in the request itself.
 */
export type AllowedOrigins = "*" | readonly string[] | OriginTest;

/** A parsed list of allowed origins. */
export interface OriginList {
  readonly hasSameHost: boolean;
  /** Whether an entry other than `"same-host"` allows the origin. */
  includes(origin: Origin | "null"): boolean;
}

const forms =
  'expected "*", a function (origin, scope) => boolean | Promise<boolean>, or a list of "https://example.com",' +
  ' "https://example.com:8443", "https://*.example.com", "file://", "null" or "same-host"';

function mistake(got: string, likely: string): TypeError {
  return new TypeError(`allowed origins: ${forms}; got ${got}. Likely mistake: ${likely}.`);
}

/** Describes an entry. A RegExp is shown as it is written, because that is what many people try first. */
function describe(value: unknown): string {
  return value instanceof RegExp
    ? `the RegExp ${printable(String(value).slice(0, 64))}`
    : describeValue(value);
}

function likelyMistake(entry: unknown): string {
  if (entry instanceof RegExp) return "a RegExp, for which a function can stand";
  if (typeof entry !== "string") return "an entry that is no string";
  if (entry === "*") return 'a list around "*"';
  if (!entry.includes("://")) return "no scheme";
  if (entry.includes("*")) return 'a "*" that is not the whole first label of a name';
  if (/[\u0080-\uffff]/.test(entry)) return "a name that is not in punycode";
  return "a path or a trailing slash after the host";
}

/** The suffix of a wildcard, such as `.example.com` with scheme and port; `undefined` for any other entry. */
function parseWildcard(entry: string): Origin | undefined {
  const [scheme = "", rest = "", ...more] = entry.split("://*.");
  const parent = more.length === 0 && rest !== "" ? parseOrigin(`${scheme}://${rest}`) : undefined;
  // An IP address has no subdomains.
  if (parent === undefined || /^\[|^[0-9.]+$|^\./.test(parent.host)) return undefined;
  return { ...parent, host: `.${parent.host}` };
}

function isBelow(suffix: Origin, { scheme, host, port }: Origin): boolean {
  // The first label must not be empty; otherwise the suffix itself would match.
  return (
    scheme === suffix.scheme && port === suffix.port && host.endsWith(suffix.host) && !host.startsWith(".")
  );
}

/**
 * Parses a list of allowed origins once. An invalid entry is a mistake in the configuration, and is reported at once.
 *
 * @throws {TypeError} that lists all forms, what came and the likely mistake.
 */
export function readOriginList(allowed: unknown): OriginList {
  if (!Array.isArray(allowed)) {
    const isOne = typeof allowed === "string" || allowed instanceof RegExp;
    throw mistake(describe(allowed), isOne ? "one origin without a list" : "another type");
  }
  const exact = new Set<string>();
  const suffixes: Origin[] = [];
  for (const entry of allowed as readonly unknown[]) {
    const text = typeof entry === "string" ? entry : "";
    const suffix = parseWildcard(text);
    const origin = parseOrigin(text);
    if (text === "null" || text === "same-host") exact.add(text);
    else if (suffix !== undefined) suffixes.push(suffix);
    else if (origin !== undefined) exact.add(serializeOrigin(origin));
    else throw mistake(describe(entry), likelyMistake(entry));
  }
  return {
    hasSameHost: exact.has("same-host"),
    includes: (origin) =>
      origin === "null"
        ? exact.has("null")
        : exact.has(serializeOrigin(origin)) || suffixes.some((suffix) => isBelow(suffix, origin)),
  };
}
