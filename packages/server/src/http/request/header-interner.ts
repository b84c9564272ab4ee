import type { HeaderList } from "@ws/events";

type Pair = readonly [name: string, value: string];

/** One spelling of a header's name. */
interface Line {
  /** In lower case. */
  readonly name: string;
  /** The pairs of values that came; `undefined` where the values are left alone. */
  readonly pairs: Map<string, Pair> | undefined;
}

/** Whose values many clients have in common. Never one that holds a secret, nor one that is different every time. */
const common: readonly string[] = [
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "connection",
  "host",
  "origin",
  "pragma",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
  "sec-websocket-extensions",
  "sec-websocket-version",
  "upgrade",
  "user-agent",
];

/** How many spellings are kept, and how many values of each of these headers. */
const most = 256;
/** How long a text that is kept may be, in characters. */
const longest = 512;

/**
 * Reads header lines into pairs with names in lower case. A connection keeps its headers for as long as it lives, so a
 * pair that comes with nearly every handshake is one frozen object for all of them. The number of pairs that are kept is
 * bounded: where there is no room for another, all are forgotten.
 */
export class HeaderInterner {
  readonly #lines: Map<string, Line> = new Map();
  /** By name and value; one for all spellings of a name, or their number would multiply what is kept. */
  readonly #pairs: ReadonlyMap<string, Map<string, Pair>> = new Map(
    [...common].map((name) => [name, new Map()]),
  );

  /** How many spellings and pairs are kept. */
  get size(): number {
    return [...this.#pairs.values()].reduce((sum, { size }) => sum + size, this.#lines.size);
  }

  /** Node's flat list in pairs: order and duplicates kept. */
  read(rawHeaders: readonly string[]): HeaderList {
    // Of the size that it needs: one that grows keeps room for more.
    const headers = new Array<Pair>(rawHeaders.length >> 1);
    for (let index = 0; index < headers.length; index += 1) {
      headers[index] = this.#pair(String(rawHeaders[2 * index]), String(rawHeaders[2 * index + 1]));
    }
    return headers;
  }

  #pair(spelling: string, value: string): Pair {
    const { name, pairs } = this.#lines.get(spelling) ?? this.#add(spelling);
    if (pairs === undefined || value.length > longest) return [name, value];
    return pairs.get(value) ?? keep(pairs, value, Object.freeze<Pair>([name, value]));
  }

  #add(spelling: string): Line {
    const name = spelling.toLowerCase();
    const line = { name, pairs: this.#pairs.get(name) };
    return spelling.length > longest ? line : keep(this.#lines, spelling, line);
  }
}

/** Puts an entry into a map that does not grow without a bound. */
function keep<Entry>(map: Map<string, Entry>, key: string, entry: Entry): Entry {
  if (map.size >= most) map.clear();
  map.set(key, entry);
  return entry;
}
