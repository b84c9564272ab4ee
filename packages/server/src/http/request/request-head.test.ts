import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { defaults, resolveOptions } from "../../options/resolve-options.js";
import { Rejection } from "./rejection.js";
import { type RequestHead, readHead } from "./request-head.js";

interface Parts {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion?: string;
  readonly rawHeaders?: string[];
}

const host = ["Host", "example.com"];

/** A request as Node's parser leaves it. */
function requestOf(parts: Parts): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  return Object.assign(request, { method: "GET", url: "/", httpVersion: "1.1", rawHeaders: host, ...parts });
}

function read(parts: Parts, options = defaults): RequestHead | Rejection {
  return readHead(requestOf(parts), options);
}

describe("the head of a request", () => {
  test("has method, target and headers", () => {
    expect(read({ method: "POST", url: "/a%20b?c=d" })).toEqual({
      method: "POST",
      target: { path: "/a b", rawPath: "/a%20b", queryString: "c=d" },
      headers: [["host", "example.com"]],
    });
  });

  test("keeps the headers' order and duplicates, lower-cases their names and leaves their values alone", () => {
    const rawHeaders = [...host, "Cookie", "A=1", "X-Y", " B ", "cookie", "b=\xe9"];
    expect(read({ rawHeaders })).toMatchObject({
      headers: [
        ["host", "example.com"],
        ["cookie", "A=1"],
        ["x-y", " B "],
        ["cookie", "b=\xe9"],
      ],
    });
  });

  test("has a header named __proto__ like any other, and no prototype is changed", () => {
    const head = read({ rawHeaders: [...host, "__proto__", "x"] });
    expect(head).toMatchObject({ headers: [host.map((text) => text.toLowerCase()), ["__proto__", "x"]] });
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  test("is that of a GET where nothing is said", () => {
    expect(read({ method: undefined })).toMatchObject({ method: "GET" });
  });
});

describe("the number of header lines", () => {
  test("may be as many as the limit", () => {
    const rawHeaders = [...host, ...Array.from({ length: 127 }, () => ["a", "b"]).flat()];
    expect(read({ rawHeaders })).toMatchObject({ method: "GET" });
  });

  test("above it gets 431: a list that was cut is never read", () => {
    const rawHeaders = [...host, ...Array.from({ length: 128 }, () => ["a", "b"]).flat()];
    expect(read({ rawHeaders })).toEqual(new Rejection(431, "too many header lines"));
  });

  test("is limited by the option", () => {
    const options = resolveOptions({ maxHeaders: 1 });
    expect(read({}, options)).toMatchObject({ method: "GET" });
    expect(read({ rawHeaders: [...host, "a", "b"] }, options)).toMatchObject({ status: 431 });
  });
});

describe("the request target", () => {
  test("may be as long as the limit, and above it gets 414", () => {
    const url = `/?${"q".repeat(8_190)}`;
    expect(read({ url })).toMatchObject({ method: "GET" });
    expect(read({ url: `${url}q` })).toEqual(new Rejection(414, "request target too long"));
  });

  test.each(["/%", "/%ff", "//", "*", "", undefined])("that cannot be decoded gets 400: %s", (url) => {
    expect(read({ url })).toEqual(new Rejection(400, "request target that cannot be decoded"));
  });
});

describe("the Host", () => {
  const bad = { status: 400, reason: "bad Host" };

  test("is missing: 400", () => {
    expect(read({ rawHeaders: [] })).toMatchObject({ ...bad, details: {} });
  });

  test("may be missing in HTTP/1.0", () => {
    expect(read({ rawHeaders: [], httpVersion: "1.0" })).toMatchObject({ method: "GET" });
  });

  test("comes twice: 400, even where both are the same", () => {
    expect(read({ rawHeaders: [...host, ...host] })).toMatchObject(bad);
    expect(read({ rawHeaders: [...host, ...host], httpVersion: "1.0" })).toMatchObject(bad);
  });

  test.each(["", "a b", "a/b", "user@a", "a:99999", "a,b"])("is none: %j gets 400", (value) => {
    expect(read({ rawHeaders: ["Host", value] })).toMatchObject(bad);
  });
});
