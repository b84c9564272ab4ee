import { describe, expect, expectTypeOf, test } from "vitest";
import { type CloseInfo, type CloseInitiator, ConnectionClosed } from "./connection-closed.js";

const info: CloseInfo = { code: 4001, reason: "bye", wasClean: true, initiator: "client" };

describe("a closed connection", () => {
  test("is an error that tells how the connection ended", () => {
    const error = new ConnectionClosed(info);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "ConnectionClosed", ...info });
  });

  test("has the close code as its code, and its stable string beside it", () => {
    const error = new ConnectionClosed(info);
    expect([error.code, error.errorCode]).toEqual([4001, "ERR_WS_CONNECTION_CLOSED"]);
    expectTypeOf(error.code).toEqualTypeOf<number>();
    expectTypeOf(error.errorCode).toEqualTypeOf<"ERR_WS_CONNECTION_CLOSED">();
    expectTypeOf(error).toExtend<CloseInfo>();
  });

  test.each<[CloseInitiator, string, string]>([
    ["client", "bye", "the connection is closed (4001: bye), ended by the client"],
    ["application", "", "the connection is closed (4001), ended by the application"],
    ["network", "", "the connection is closed (4001), ended by the network"],
    ["server", "slow consumer", "the connection is closed (4001: slow consumer), ended by the server"],
  ])("that the %s ended, saying %j, reads as a sentence", (initiator, reason, message) => {
    expect(new ConnectionClosed({ ...info, initiator, reason }).message).toBe(message);
  });

  test("may have a cause, and has none of itself", () => {
    const cause = new Error("ECONNRESET");
    expect(new ConnectionClosed(info, { cause }).cause).toBe(cause);
    expect(new ConnectionClosed(info)).not.toHaveProperty("cause");
  });

  test("is told in short, however long the reason; the reason itself is kept", () => {
    const reason = "x".repeat(100_000);
    const error = new ConnectionClosed({ ...info, reason });
    expect(error.message).toBe(`the connection is closed (4001: ${"x".repeat(123)}), ended by the client`);
    expect(error.reason).toBe(reason);
  });

  test("was ended by one of four", () => {
    expectTypeOf<CloseInitiator>().toEqualTypeOf<"application" | "client" | "network" | "server">();
    // @ts-expect-error: nobody of that name
    const error = new ConnectionClosed({ ...info, initiator: "proxy" });
    expect(error.initiator).toBe("proxy");
  });
});
