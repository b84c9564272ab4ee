import { describe, expect, it } from "vitest";
import { webSocketAddress } from "../public/address.js";
import { retryDelay } from "../public/backoff.js";
import { formatSize, formatTime, formatTrip, preview } from "../public/format.js";
import { capacity, RoundTrips, scaleTop } from "../public/round-trips.js";

describe("the address", () => {
  it("is wss under https, ws under http, on the host and port of the page", () => {
    expect(webSocketAddress({ protocol: "https:", host: "a.com" }, "/ws/")).toBe("wss://a.com/ws/");
    expect(webSocketAddress({ protocol: "http:", host: "[::1]:8000" }, "/ws/")).toBe("ws://[::1]:8000/ws/");
  });
});

describe("the wait before the next attempt", () => {
  it("doubles from half a second up to 15 s", () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 2_000].map((failed) => retryDelay(failed, () => 1));
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it("leaves its second half to chance", () => {
    expect(retryDelay(2, () => 0)).toBe(1_000);
    expect(retryDelay(2, () => 0.5)).toBe(1_500);
    const drawn = retryDelay(2);
    expect(drawn).toBeGreaterThanOrEqual(1_000);
    expect(drawn).toBeLessThanOrEqual(2_000);
  });
});

describe("the round trips", () => {
  it("have no summary before the first", () => {
    expect(new RoundTrips().summary).toBeUndefined();
  });

  it("are summed up by the last, the nearest ranks and the count", () => {
    const trips = new RoundTrips();
    for (let ms = 20; ms >= 1; ms -= 1) trips.add(ms);
    expect(trips.summary).toEqual({ last: 1, median: 10, p95: 19, slowest: 20, count: 20 });
  });

  it("are kept up to a bound, the newest at the end; the count goes on", () => {
    const trips = new RoundTrips();
    for (let ms = 1; ms <= capacity + 5; ms += 1) trips.add(ms);
    expect(trips.kept).toHaveLength(capacity);
    expect([trips.kept[0], trips.kept.at(-1)]).toEqual([6, capacity + 5]);
    expect(trips.summary?.count).toBe(capacity + 5);
  });

  it.each([
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
  it("is a round trip with the decimals that are worth reading", () => {
    expect([0.123, 12.34, 123.4].map(formatTrip)).toEqual(["0.12", "12.3", "123"]);
  });

  it("is a size in units of 1,024", () => {
    expect([0, 1_023, 1_536, 1_048_576].map(formatSize)).toEqual(["0 B", "1023 B", "1.5 KiB", "1.0 MiB"]);
  });

  it("is the time of day, with milliseconds or without seconds", () => {
    const date = new Date(2026, 0, 2, 3, 4, 5, 6);
    expect(formatTime(date, { ms: true })).toBe("03:04:05.006");
    expect(formatTime(date, { ms: false })).toBe("03:04");
  });

  it("is the beginning of a long text", () => {
    expect(preview("short")).toBe("short");
    expect(preview("x".repeat(201))).toBe(`${"x".repeat(200)}…`);
  });

  it("is the first 16 bytes in hexadecimal", () => {
    expect(preview(Uint8Array.of(0, 255).buffer)).toBe("00 ff");
    expect(preview(new ArrayBuffer(17))).toBe(`${"00 ".repeat(16)}…`);
  });
});
