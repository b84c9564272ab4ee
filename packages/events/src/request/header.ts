import type { HeaderList } from "../model/scope.js";

/** RFC 9110 §5.6.2: a header name, a method, a subprotocol. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110 §5.5: visible latin-1, space and tab, but no CR, LF, NUL or other control character. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** RFC 9110 §7.6.1: these headers describe a single hop, and only the server sets them. */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Whether `text` is a token of RFC 9110: one or more visible characters, none of them a separator. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** The values of the header `name` (in lower case), in order; `[]` where it is absent. */
export function headerValues(headers: HeaderList, name: string): string[] {
  const values: string[] = [];
  for (const header of headers) if (header[0] === name) values.push(header[1]);
  return values;
}

/** Where a header list is used: with the 101 that accepts, with a denial, or with an HTTP response. */
export type HeaderPlace = "accept" | "denial" | "response";

/** Whether the application may not set the header `name` (in lower case) there. ASGI: "Must not include …". */
function belongsToServer(name: string, place: HeaderPlace): boolean {
  if (place === "response") return false;
  if (hopByHop.has(name)) return true;
  return place === "accept" && (name === "content-length" || name.startsWith("sec-websocket-"));
}

function problemOf(header: unknown, place: HeaderPlace): string | undefined {
  if (!Array.isArray(header) || header.length !== 2) return "expected [name, value]";
  const [name, value] = header as [unknown, unknown];
  if (typeof name !== "string" || !isToken(name)) return "expected a header name that is an RFC 9110 token";
  if (typeof value !== "string" || !fieldValue.test(value)) {
    return `expected for ${name.slice(0, 64)} a latin-1 string without CR, LF, NUL or other controls`;
  }
  if (belongsToServer(name.toLowerCase(), place)) return `${name.slice(0, 64)} is set by the server alone`;
  return undefined;
}

/** What is wrong with a header list there, in one line of bounded length; `undefined` where nothing is. */
export function headersProblem(headers: unknown, place: HeaderPlace): string | undefined {
  if (headers === undefined) return undefined;
  if (!Array.isArray(headers)) return "headers: expected a list of [name, value]";
  for (let index = 0; index < headers.length; index += 1) {
    const problem = problemOf(headers[index], place);
    if (problem !== undefined) return `headers[${index}]: ${problem}`;
  }
  return undefined;
}
