import { builtIn, type Converter, type Converters, write } from "./converter.js";

/** One parameter of a path. */
export interface PathParam {
  readonly name: string;
  readonly converter: Converter;
  /** The parameter as it is written, with its brackets. */
  readonly source: string;
}

/** A short description of a value. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 64));
  return typeof value === "number" ? String(value) : typeof value;
}

/** Encodes literal text of a pattern for the path of a URL. RFC 3986 §3.3. */
function encodeLiteral(text: string): string {
  return encodeURI(text).replaceAll("?", "%3F").replaceAll("#", "%23");
}

/** Encodes a value: everything except unreserved characters and "/", which only a `path` parameter can contain. */
function encodeValue(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}

function checkNames(call: string, parts: readonly (string | PathParam)[], params: object): void {
  const expected = parts.flatMap((part) => (typeof part === "string" ? [] : [part.name]));
  const wrong =
    expected.find((key) => !Object.hasOwn(params, key)) ??
    Object.keys(params).find((key) => !expected.includes(key));
  if (wrong === undefined) return;
  const got = Object.keys(params).slice(0, 8).join(", ").slice(0, 256);
  throw new TypeError(`${call}: expected the parameters {${expected.join(", ")}}, got {${got}}`);
}

function textOf(call: string, param: PathParam, value: unknown): string {
  const text = write(param.converter, value);
  if (text !== undefined) return text;
  throw new TypeError(
    `${call}: ${param.name}: expected a value that ${param.source} matches, got ${shown(value)}`,
  );
}

/**
 * The percent-encoded path of a pattern with these parameters. `call` begins its errors. It throws `TypeError` for a
 * parameter that is missing or superfluous, for a value that would not match again, and for a path that a URL parser would
 * shorten.
 */
export function fillPath(
  call: string,
  parts: readonly (string | PathParam)[],
  params: Readonly<Record<string, unknown>>,
): string {
  checkNames(call, parts, params);
  const texts = parts.map((part) =>
    typeof part === "string" ? part : textOf(call, part, params[part.name]),
  );
  // A URL parser removes the segments "." and "..", however they are encoded.
  if (
    texts
      .join("")
      .split("/")
      .some((segment) => segment === "." || segment === "..")
  ) {
    throw new TypeError(`${call}: expected a path without the segments . and .., got one`);
  }
  const path = texts
    .map((text, index) => (typeof parts[index] === "string" ? encodeLiteral(text) : encodeValue(text)))
    .join("");
  // A reference that begins with "//" names another host. RFC 3986 §4.2; Django encodes it in the same way.
  return path.startsWith("//") ? `/%2F${path.slice(2)}` : path;
}

function paramOf(call: string, source: string): PathParam {
  const [, key = "str", name = ""] = /^<(?:(\w+):)?(\w+)>$/.exec(source) ?? [];
  const known: Converters = { ...builtIn };
  const converter = Object.hasOwn(known, key) ? known[key] : undefined;
  if (converter !== undefined && name !== "") return { name, converter, source };
  throw new TypeError(
    `${call}: expected a parameter of one of ${Object.keys(known).join(", ")}, got ${source}`,
  );
}

/** As `fillPath`, for a pattern in its written form and the built-in converters. */
export function fillPattern(
  call: string,
  pattern: string,
  params: Readonly<Record<string, unknown>>,
): string {
  const pieces = pattern.split(/(<[^>]*>)/).filter((piece) => piece !== "");
  const parts = pieces.map((piece) => (piece.startsWith("<") ? paramOf(call, piece) : piece));
  return fillPath(call, parts, params);
}
