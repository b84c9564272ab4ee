import { Connection } from "@ws/connection";
import type { Application } from "@ws/events";
import { loopback, start } from "@ws/testing";
import { expect, test } from "vitest";
import { cookieToken } from "../auth/token.js";
import { echo } from "../echo.fixture.js";
import { handshake, statusOf } from "./wire.fixture.js";

/** The cookies of each handshake, as a view has them and as `cookieToken` finds them. */
const seen: { readonly cookies: ReadonlyMap<string, string>; readonly tokens: unknown[] }[] = [];

const reader: Application = async (scope, receive, send) => {
  if (scope.type !== "websocket") return await echo(scope, receive, send);
  const socket = new Connection(scope, receive, send);
  const tokens = ["sid", "__proto__", "constructor"].map((name) => cookieToken(name)(scope));
  seen.push({ cookies: socket.cookies, tokens });
  await socket.deny({ status: 404 });
};

const many = Array.from({ length: 200 }, (_, index) => `n${index}=${index}`).join("; ");

test("fault 163: no Cookie header throws or touches a prototype, and both readers agree on it", async () => {
  await using server = await start(reader, { transport: loopback });
  const cases: [lines: readonly string[], cookies: Record<string, string>][] = [
    [[`Cookie: ${many}; sid=1`], { n0: "0", n199: "199", sid: "1" }],
    [["Cookie: __proto__=polluted; sid=1"], { sid: "1", ["__proto__"]: "polluted" }],
    [["Cookie: constructor=c; toString=t"], { constructor: "c", toString: "t" }],
    [["Cookie: sid=%zz%; a=%"], { sid: "%zz%", a: "%" }],
    [["Cookie: sid=%E0%A4%A"], { sid: "%E0%A4%A" }],
    [["Cookie: sid=caf%C3%A9"], { sid: "café" }],
    [["Cookie: sid=first; sid=second"], { sid: "first" }],
    [["Cookie: a=1", "Cookie: sid=2"], { a: "1", sid: "2" }],
    [["Cookie: sid=1", "Cookie: sid=2"], { sid: "1" }],
    [["Cookie: ;;; =; sid; ==; sid==a=b"], { sid: "=a=b" }],
    [['Cookie: sid="quoted"'], { sid: '"quoted"' }],
    [['Cookie: sid="a;b"; c="'], { sid: '"a', c: '"' }],
    [["Cookie:"], {}],
  ];
  for (const [lines, expected] of cases) {
    expect(statusOf(await server.request(handshake("/", lines)))).toBe(404);
    const { cookies, tokens } = seen.at(-1) ?? expect.unreachable();
    for (const [name, value] of Object.entries(expected)) expect(cookies.get(name)).toBe(value);
    expect(tokens).toEqual(["sid", "__proto__", "constructor"].map((name) => cookies.get(name)));
  }
  expect(seen).toHaveLength(cases.length);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});
