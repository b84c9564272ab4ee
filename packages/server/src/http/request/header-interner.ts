import type { HeaderList } from "@ws/events";

type Pair = readonly [name: string, value: string];

/** One spelling of a header's name. */
interface Line {
  /** The name in lower case. */
  readonly name: string;
  /** The pairs that are kept, by their values; `undefined` for a header whose values are not kept. */
  readonly pairs: Map<string, Pair> | undefined;
}

/** Headers whose values many clients share. None of them may hold a secret, or a value that differs every time. */
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

/** How many spellings of names are kept, and how many values of each of these headers. */
const most = 256;
/** The longest text that is kept, in characters. */
const longest = 512;

/**
 * Reads header lines into pairs with names in lower case. A connection keeps its headers for its whole life, so a pair that
 * nearly every handshake contains is one frozen object for all connections. The number of pairs that are kept is bounded:
 * where there is no room for another one, all are dropped and the collection starts anew.
 */
export class HeaderInterner {
  readonly #lines: Map<string, Line> = new Map();
  /**
   * The pairs by name and value. All spellings of a name share one map; otherwise the number of spellings would multiply
   * what is kept.
   */
  readonly #pairs: ReadonlyMap<string, Map<string, Pair>> = new Map(
    [...common].map((name) => [name, new Map()]),
  );

  /** How many spellings and pairs are kept. */
  get size(): number {
    return [...this.#pairs.values()].reduce((sum, { size }) => sum + size, this.#lines.size);
  }

  /** Turns Node's flat list into pairs, and keeps order and duplicates. */
  read(rawHeaders: readonly string[]): HeaderList {
    // The array is made with its final size, because an array that grows reserves more memory than it needs.
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

/** Adds an entry to a map whose size is bounded. */
function keep<Entry>(map: Map<string, Entry>, key: string, entry: Entry): Entry {
  if (map.size >= most) map.clear();
  map.set(key, entry);
  return entry;
}
