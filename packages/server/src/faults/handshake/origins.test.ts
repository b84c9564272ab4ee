import { expect, test } from "vitest";
import { ask, Noting, withLines } from "../handshake.fixture.js";

const good = "https://good.com";

test("fault 26: an origin that is not on the list gets 403 before the application runs", async () => {
  const noting = new Noting();
  await using server = await noting.start({ allowedOrigins: [good] });
  expect((await ask(server, withLines("Origin: https://evil.com"))).status).toBe(403);
  expect(noting.scopes).toEqual([]);
  expect((await ask(server, withLines(`Origin: ${good}`))).status).toBe(101);
});

test("fault 26: by default only pages of the same host may connect", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const origin of ["http://evil.com", "http://localhost.evil.com", "http://localhost:81"]) {
    expect((await ask(server, withLines(`Origin: ${origin}`))).status).toBe(403);
  }
  expect(noting.scopes).toEqual([]);
  expect((await ask(server, withLines("Origin: http://localhost"))).status).toBe(101);
});

test("fault 27: a client without an Origin is no browser and passes, with or without a list", async () => {
  const noting = new Noting();
  for (const options of [{}, { allowedOrigins: [good] }, { allowedOrigins: [] }]) {
    await using server = await noting.start(options);
    expect((await ask(server, withLines())).status).toBe(101);
  }
  expect(noting.scopes).toHaveLength(3);
});

test("fault 28: the origin null gets 403, unless it is listed literally", async () => {
  const noting = new Noting();
  {
    await using server = await noting.start({ allowedOrigins: [good, "same-host"] });
    expect((await ask(server, withLines("Origin: null"))).status).toBe(403);
    expect((await ask(server, withLines("Origin: NULL"))).status).toBe(403);
    expect((await ask(server, withLines("Origin:"))).status).toBe(403);
  }
  expect(noting.scopes).toEqual([]);
  await using server = await noting.start({ allowedOrigins: ["null"] });
  expect((await ask(server, withLines("Origin: null"))).status).toBe(101);
});

test("fault 29: two origins, on two lines or on one, get 403 even where one is good", async () => {
  const noting = new Noting();
  await using server = await noting.start({ allowedOrigins: [good] });
  for (const lines of [
    [`Origin: ${good}`, "Origin: https://evil.com"],
    [`Origin: ${good}`, `Origin: ${good}`],
    [`Origin: ${good}, https://evil.com`],
    [`Origin: ${good} https://evil.com`],
  ]) {
    expect((await ask(server, withLines(...lines))).status).toBe(403);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 30: an origin is compared by scheme, host and port exactly; what is none gets 403", async () => {
  const noting = new Noting();
  await using server = await noting.start({ allowedOrigins: [good, "http://127.0.0.1"] });
  for (const origin of [
    "https://good.com.evil.com",
    "https://evilgood.com",
    "https://good.com:444",
    "https://good.com.",
    "https://good.com/",
    "https://good.com@evil.com",
    "https://good.com\\.evil.com",
    "http://good.com",
    "wss://good.com",
    "//good.com",
    "good.com",
    "file://",
    "file:///etc/passwd",
    "http://127.1",
    "http://2130706433",
    "http://0x7f.0.0.1",
    "http://[::1]",
    "http://[::ffff:127.0.0.1]",
    "https://",
    "://",
    "https://good.com:",
    "https://good.com:99999",
    `https://${"a".repeat(8_000)}`,
  ]) {
    expect((await ask(server, withLines(`Origin: ${origin}`))).status, origin).toBe(403);
  }
  expect(noting.scopes).toEqual([]);
  for (const origin of ["HTTPS://GOOD.COM", "https://good.com:443", "http://127.0.0.1:80"]) {
    expect((await ask(server, withLines(`Origin: ${origin}`))).status, origin).toBe(101);
  }
});
