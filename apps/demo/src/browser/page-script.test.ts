import { readFile } from "node:fs/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { webSocketAddress } from "../../public/address.js";
import { formatScale, formatSize, formatSpan, formatTime, formatTrip, preview } from "../../public/format.js";
import { tokens } from "../../public/highlight.js";
import { capacity, RoundTrips, scaleTop } from "../../public/round-trips.js";
import { WhoIsHere } from "../../public/who-is-here.js";

describe("the address", () => {
  test("is wss under https, ws under http, on the host and port of the page", () => {
    expect(webSocketAddress({ protocol: "https:", host: "a.com" }, "/ws/")).toBe("wss://a.com/ws/");
    expect(webSocketAddress({ protocol: "http:", host: "[::1]:8000" }, "/ws/")).toBe("ws://[::1]:8000/ws/");
  });
});

describe("who is here", () => {
  function watched(): { readonly here: WhoIsHere; readonly moves: string[] } {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const moves: string[] = [];
    return { here: new WhoIsHere((name, move) => moves.push(`${name} ${move}`)), moves };
  }

  test("is told as it changes, the first list aside", () => {
    const { here, moves } = watched();
    here.show(new Set(["Bo", "Ada"]));
    expect(here.names).toEqual(["Ada", "Bo"]);
    here.show(new Set(["Bo", "Ada", "Cy"]));
    here.show(new Set(["Ada", "Cy"]));
    expect(moves).toEqual(["Cy joined", "Bo left"]);
  });

  test("is told 5 s after a loss, in which the others come back one by one; only the change since then", () => {
    const { here, moves } = watched();
    here.show(new Set(["Ada", "Bo", "Cy"]));
    here.back();
    here.show(new Set(["Ada"]));
    here.show(new Set(["Ada", "Bo", "Di"]));
    expect(here.names).toEqual(["Ada", "Bo", "Di"]);
    vi.advanceTimersByTime(4_999);
    expect(moves).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(moves).toEqual(["Di joined", "Cy left"]);
  });

  test("is nobody, and nobody is told, once we have left", () => {
    const { here, moves } = watched();
    here.show(new Set(["Ada", "Bo"]));
    here.back();
    here.clear();
    expect([here.names, vi.getTimerCount()]).toEqual([[], 0]);
    here.show(new Set(["Cy"]));
    expect(moves).toEqual([]);
  });
});

describe("the round trips", () => {
  test("have no summary before the first", () => {
    expect(new RoundTrips().summary).toBeUndefined();
  });

  test("are summed up by the last, the nearest ranks and the count", () => {
    const trips = new RoundTrips();
    for (let ms = 20; ms >= 1; ms -= 1) trips.add(ms);
    expect(trips.summary).toEqual({ last: 1, median: 10, p95: 19, slowest: 20, count: 20 });
  });

  test("are kept up to a bound, the newest at the end; the count goes on", () => {
    const trips = new RoundTrips();
    for (let ms = 1; ms <= capacity + 5; ms += 1) trips.add(ms);
    expect(trips.kept).toHaveLength(capacity);
    expect([trips.kept[0], trips.kept.at(-1)]).toEqual([6, capacity + 5]);
    expect(trips.summary?.count).toBe(capacity + 5);
  });

  test.each([
    [0.3, 0.5],
    [1, 1],
    [1.1, 2],
    [4.9, 5],
    [7, 10],
    [120, 200],
  ])("of up to %d ms are drawn on a scale to %d", (slowest, top) => {
    expect(scaleTop(slowest)).toBeCloseTo(top, 10);
  });
});

describe("what is shown of a frame", () => {
  test("is a round trip with the decimals that are worth reading", () => {
    expect([0.123, 12.34, 123.4].map(formatTrip)).toEqual(["0.12", "12.3", "123"]);
  });

  test("is a size in units of 1,024", () => {
    expect([0, 1_023, 1_536, 1_048_576].map(formatSize)).toEqual(["0 B", "1023 B", "1.5 KiB", "1.0 MiB"]);
  });

  test("is a scale of milliseconds, or of seconds from one second up", () => {
    expect([0.5, 500, 1_000, 2_500].map(formatScale)).toEqual(["0.5 ms", "500 ms", "1 s", "2.5 s"]);
  });

  test("is a span of seconds, never less than one, or of minutes from 100 s up", () => {
    expect([0, 1_499, 99_000, 120_000].map(formatSpan)).toEqual(["1 s", "1 s", "99 s", "2 min"]);
  });

  test("is the time of day, with milliseconds or without seconds", () => {
    const date = new Date(2026, 0, 2, 3, 4, 5, 6);
    expect(formatTime(date, { ms: true })).toBe("03:04:05.006");
    expect(formatTime(date, { ms: false })).toBe("03:04");
  });

  test("is the beginning of a long text", () => {
    expect(preview("short")).toBe("short");
    expect(preview("x".repeat(201))).toBe(`${"x".repeat(200)}…`);
  });

  test("is the first 16 bytes in hexadecimal", () => {
    expect(preview(Uint8Array.of(0, 255))).toBe("00 ff");
    expect(preview(new Uint8Array(17))).toBe(`${"00 ".repeat(16)}…`);
  });
});

describe("the colours of a source", () => {
  const kinds = (source: string) =>
    tokens(source)
      .filter(({ kind }) => kind !== "plain")
      .map(({ kind, text }) => `${kind} ${text}`);

  test("tell comments, strings, keywords, numbers and types from the rest", () => {
    const source = 'const a: Connection = f(1_000, "in"); // for\n/** if\n */ `of b`';
    expect(kinds(source)).toEqual([
      "keyword const",
      "type Connection",
      "number 1_000",
      'string "in"',
      "comment // for",
      "comment /** if\n */",
      "string `of b`",
    ]);
  });

  test("leave words alone that only hold a keyword, and a quote within a string", () => {
    expect(kinds('format, isNew, x2, "a\\"b"')).toEqual(['string "a\\"b"']);
  });

  test("lose no character of it", async () => {
    const source = await readFile(new URL("../chat/chat.ts", import.meta.url), "utf8");
    const parts = tokens(source).map(({ text }) => text);
    expect(parts.length).toBeGreaterThan(100);
    expect(parts.join("")).toBe(source);
  });
});
