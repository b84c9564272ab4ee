import type { HeaderList } from "@ws/events";
import { headerItems } from "../request/header-items.js";
import { canBeEncoded } from "../response/content-coding.js";

/** The content codings that `fetch` has decoded when it gives a response. Fetch standard, "handle content codings". */
const decodedByFetch: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br"]);

/** Headers that describe the connection to the origin, and not ours to the client. RFC 9110 §7.6.1. */
const ofConnection: readonly string[] = ["connection", "upgrade"];

/** The content codings of the body, the outermost first, without `identity`. */
function codingsOf(headers: HeaderList): string[] {
  const items = headerItems(headers, "content-encoding").map((item) => item.toLowerCase());
  return items.filter((item) => item !== "" && item !== "identity").reverse();
}

/** Whether the body was decoded although its headers still say how it was encoded. */
function isDecoded(isFetched: boolean, codings: readonly string[], start: Uint8Array): boolean {
  const [outermost] = codings;
  if (outermost === undefined) return false;
  if (isFetched && codings.every((coding) => decodedByFetch.has(coding))) return true;
  return !canBeEncoded(outermost, start);
}

/**
 * The headers to send with a `Response` whose body begins with `start`. A response that came from `fetch` has a decoded
 * body, whether a handler passes it on as it is or in a new `Response`; then its headers about coding and length are left
 * out. A body that the handler compressed itself keeps them.
 */
export function headersToSend(response: Response, start: Uint8Array): HeaderList {
  const headers: HeaderList = [...response.headers];
  // The platform sets `url` only on a response that came over the network.
  const isFetched = response.url !== "";
  const left = new Set<string>();
  if (isDecoded(isFetched, codingsOf(headers), start)) left.add("content-encoding").add("content-length");
  if (isFetched)
    for (const name of [...ofConnection, ...headerItems(headers, "connection")]) left.add(name.toLowerCase());
  return left.size === 0 ? headers : headers.filter(([name]) => !left.has(name));
}
