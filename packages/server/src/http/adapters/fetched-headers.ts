import type { HeaderList } from "@ws/events";
import { headerItems } from "../request/header-items.js";
import { canBeEncoded } from "../response/content-coding.js";

/** What every `fetch` has decoded by the time that its response is there. Fetch standard, "handle content codings". */
const decodedByFetch: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br"]);

/** Speak of the connection to the origin, and not of ours. RFC 9110 §7.6.1. */
const ofConnection: readonly string[] = ["connection", "upgrade"];

/** The codings of the body, the outermost first, where they are more than its identity. */
function codingsOf(headers: HeaderList): string[] {
  const items = headerItems(headers, "content-encoding").map((item) => item.toLowerCase());
  return items.filter((item) => item !== "" && item !== "identity").reverse();
}

/** Whether the body was decoded, though its headers still tell how it was encoded. */
function isDecoded(isFetched: boolean, codings: readonly string[], start: Uint8Array): boolean {
  const [outermost] = codings;
  if (outermost === undefined) return false;
  if (isFetched && codings.every((coding) => decodedByFetch.has(coding))) return true;
  return !canBeEncoded(outermost, start);
}

/**
 * The headers to send with a response of the platform's, whose body begins with `start`. One that a `fetch` gave, and
 * that a handler hands on as it is or in a new `Response`, has a body that was decoded: then what its headers say of
 * coding and length is left out. One that a handler has compressed itself is sent as it is.
 */
export function headersToSend(response: Response, start: Uint8Array): HeaderList {
  const headers: HeaderList = [...response.headers];
  // The platform sets it for a response that came over the network alone.
  const isFetched = response.url !== "";
  const left = new Set<string>();
  if (isDecoded(isFetched, codingsOf(headers), start)) left.add("content-encoding").add("content-length");
  if (isFetched)
    for (const name of [...ofConnection, ...headerItems(headers, "connection")]) left.add(name.toLowerCase());
  return left.size === 0 ? headers : headers.filter(([name]) => !left.has(name));
}
