import { builtIn, type Converter, type Converters, mayHold, type PathParam } from "@ws/contract/path";
import { didYouMean } from "./closest.js";
import { RouteError } from "./route-error.js";

/** One `<converter:name>` of a pattern. */
interface Param extends PathParam {
  /** The position in the pattern at which it begins. */
  readonly at: number;
}

/** A part of a pattern: literal text or a parameter. Literal texts are never empty, and never follow one another. */
export type Part = string | Param;

const nameSyntax = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads a pattern. It throws `RouteError` for a pattern that is malformed or ambiguous. */
export function parsePattern(source: string, own: Converters): readonly Part[] {
  if (!source.startsWith("/")) {
    throw new RouteError(source, 0, 'expected a pattern that begins with "/"');
  }
  const surrogate = source.search(/\p{Cs}/u);
  if (surrogate !== -1) throw new RouteError(source, surrogate, "expected Unicode, got a lone surrogate");
  const parts: Part[] = [];
  let at = 0;
  while (at < source.length) {
    const part = source[at] === "<" ? readParam(source, at, own) : readLiteral(source, at);
    parts.push(part);
    at += typeof part === "string" ? part.length : part.source.length;
  }
  checkParams(source, parts);
  return parts;
}

function readLiteral(source: string, at: number): string {
  const open = source.indexOf("<", at);
  const text = source.slice(at, open === -1 ? source.length : open);
  const stray = text.indexOf(">");
  if (stray !== -1) throw new RouteError(source, at + stray, 'expected a "<" before this ">"');
  return text;
}

function readParam(source: string, at: number, own: Converters): Param {
  const close = source.indexOf(">", at);
  if (close === -1) throw new RouteError(source, at, 'expected a ">" that closes this "<"');
  const inner = source.slice(at + 1, close);
  const colon = inner.indexOf(":");
  const name = inner.slice(colon + 1);
  const nameAt = at + 1 + colon + 1;
  if (name === "") throw new RouteError(source, nameAt, "expected a parameter name, got none");
  if (!nameSyntax.test(name)) {
    throw new RouteError(
      source,
      nameAt,
      "expected a parameter name of letters, digits and _, which no digit begins",
    );
  }
  const converter = colon === -1 ? builtIn.str : findConverter(source, at + 1, inner.slice(0, colon), own);
  return { name, converter, source: source.slice(at, close + 1), at };
}

function findConverter(source: string, at: number, key: string, own: Converters): Converter {
  const known: Converters = { ...builtIn, ...own };
  const converter = Object.hasOwn(known, key) ? known[key] : undefined;
  if (converter !== undefined) return converter;
  const names = Object.keys(known).slice(0, 20);
  const listed = names.join(", ").slice(0, 512);
  throw new RouteError(source, at, `unknown converter: expected one of ${listed}${didYouMean(key, names)}`);
}

/** Joins patterns. Literal texts that meet are joined into one. */
export function concatParts(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (typeof part === "string" && typeof before === "string") joined[joined.length - 1] = before + part;
    else if (part !== "") joined.push(part);
  }
  return joined;
}

/**
 * Checks the parameters of a pattern together: names are unique, a `path` parameter is last, and the end of each parameter
 * is certain.
 */
export function checkParams(source: string, parts: readonly Part[]): void {
  const names = new Set<string>();
  let path: Param | undefined;
  for (const [index, part] of parts.entries()) {
    if (typeof part === "string") continue;
    if (names.has(part.name)) {
      throw new RouteError(source, part.at, `a second parameter named ${part.name.slice(0, 64)}; rename one`);
    }
    names.add(part.name);
    if (path !== undefined) {
      throw new RouteError(source, path.at, "a path parameter takes all that follows: it must be the last");
    }
    if (part.converter === builtIn.path) path = part;
    else checkEnd(source, part, parts.slice(index + 1));
  }
}

/** Checks that the end of a parameter within its segment is found without trying alternatives. */
function checkEnd(source: string, param: Param, [next, ...more]: readonly Part[]): void {
  if (next === undefined) return;
  if (typeof next !== "string") {
    throw new RouteError(source, next.at, "ambiguous: put a literal between these two parameters");
  }
  if (more.length === 0 || next.includes("/")) return;
  const first = next.charAt(0);
  if (!mayHold(param.converter, first)) return;
  throw new RouteError(
    source,
    param.at,
    `ambiguous: ${JSON.stringify(first)} ends this parameter, but may also be part of it; use a converter that ` +
      "cannot hold it (slug, int, or one with `characters`), another literal, or a / between the two",
  );
}
