import { describeValue } from "../errors/describe-value.js";
import { printable } from "../errors/printable.js";
import type { WebSocketScope } from "../model/scope.js";
import { type Origin, parseOrigin, serializeOrigin } from "./origin.js";

/**
 * Says whether the page of that `Origin` may connect. It is asked about well-formed origins alone, as they came, and
 * never about a request without one. Only `true` lets a page in.
 */
export type OriginTest = (origin: string, scope: WebSocketScope) => boolean | Promise<boolean>;

/**
 * Whose pages may connect: `"*"` for all, a function, or a list. An entry of the list is an origin
 * (`"https://example.com"`, `"http://localhost:3000"`, `"file://"`), all subdomains of a host
 * (`"https://*.example.com"`, which is not the host itself), `"null"`, or `"same-host"` for the host that the request
 * itself names.
 */
export type AllowedOrigins = "*" | readonly string[] | OriginTest;

/** A list of allowed origins, read. */
export interface OriginList {
  readonly hasSameHost: boolean;
  /** Says whether an entry other than `"same-host"` allows the origin. */
  includes(origin: Origin | "null"): boolean;
}

const forms =
  'expected "*", a function (origin, scope) => boolean | Promise<boolean>, or a list of "https://example.com",' +
  ' "https://example.com:8443", "https://*.example.com", "file://", "null" or "same-host"';

function mistake(got: string, likely: string): TypeError {
  return new TypeError(`allowed origins: ${forms}; got ${got}. Likely mistake: ${likely}.`);
}

/** A RegExp is told as it is written, since it is what people try first. */
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

/** The suffix that a wildcard stands for, as `.example.com` with scheme and port; `undefined` where it is none. */
function parseWildcard(entry: string): Origin | undefined {
  const [scheme = "", rest = "", ...more] = entry.split("://*.");
  const parent = more.length === 0 && rest !== "" ? parseOrigin(`${scheme}://${rest}`) : undefined;
  // An address has no subdomains.
  if (parent === undefined || /^\[|^[0-9.]+$|^\./.test(parent.host)) return undefined;
  return { ...parent, host: `.${parent.host}` };
}

function isBelow(suffix: Origin, { scheme, host, port }: Origin): boolean {
  // The first label must not be empty, or the suffix itself would do.
  return (
    scheme === suffix.scheme && port === suffix.port && host.endsWith(suffix.host) && !host.startsWith(".")
  );
}

/**
 * Reads a list of allowed origins once; a bad entry is a mistake in the configuration and is reported at once.
 *
 * @throws {TypeError} that names all forms, what came and the likely mistake.
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
