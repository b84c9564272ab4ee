import { ConnectionClosed } from "@ws/events";
import { describe, expect, test } from "vitest";
import { acceptedConnection, disconnected, fakeConnection, rejection, text } from "./events.fixture.js";

const close = (code: number, reason = ""): object => ({ type: "websocket.close", code, reason });

describe("close", () => {
  test("is 1000 without a reason, unless told otherwise", async () => {
    const first = await acceptedConnection();
    await first.socket.close();
    expect(first.driver.sent[1]).toEqual(close(1000));
    const second = await acceptedConnection();
    await second.socket.close(4001, "go");
    expect(second.driver.sent[1]).toEqual(close(4001, "go"));
  });

  test("twice is once: the first stands", async () => {
    const { socket, driver } = await acceptedConnection();
    await socket.close(4001);
    await socket.close(4002);
    expect(driver.sent.slice(1)).toEqual([close(4001)]);
    expect(await socket.closed).toMatchObject({ code: 4001 });
  });

  test("after the client left does nothing", async () => {
    const { socket, driver } = await acceptedConnection(disconnected(4000));
    await rejection(socket.receiveText());
    await socket.close();
    expect(driver.sent).toHaveLength(1);
    expect(await socket.closed).toMatchObject({ code: 4000, initiator: "client" });
  });

  test("that the server does not take leaves the connection open", async () => {
    const { socket, driver } = await acceptedConnection(text("a"));
    driver.onSend = () => Promise.reject(new RangeError("code 1006 may not be sent"));
    expect(await rejection(socket.close(1006))).toBeInstanceOf(RangeError);
    expect(socket.applicationState).toBe("connected");
    expect(socket.signal.aborted).toBe(false);
    expect(await socket.receiveText()).toBe("a");
  });
});

describe("the end", () => {
  test("by our own close: every wait is a ConnectionClosed with our code, though the disconnect comes later", async () => {
    const { socket, driver } = await acceptedConnection();
    await socket.close(4001, "go");
    const waiting = rejection(socket.receiveText());
    driver.push(disconnected(4001, "go"));
    expect(await waiting).toBe(socket.signal.reason);
    expect(await socket.closed).toEqual({
      code: 4001,
      reason: "go",
      wasClean: true,
      initiator: "application",
    });
  });

  test("is told by the server's signal at once, before anything was received", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { socket } = fakeConnection([text("unread")], {
      extensions: { "websocket.disconnect": { signal } },
    });
    await socket.accept();
    expect(socket.signal).toBe(signal);
    const { closed } = socket;
    const error = new ConnectionClosed({ code: 1006, reason: "", wasClean: false, initiator: "network" });
    controller.abort(error);
    expect(await closed).toEqual({ code: 1006, reason: "", wasClean: false, initiator: "network" });
    expect(await socket.receiveText()).toBe("unread");
  });

  test("that the server's signal told of is the error of every wait", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { socket, driver } = fakeConnection([], { extensions: { "websocket.disconnect": { signal } } });
    await socket.accept();
    const error = new ConnectionClosed({ code: 1012, reason: "", wasClean: true, initiator: "server" });
    controller.abort(error);
    driver.push(disconnected(1012));
    expect(await rejection(socket.receiveText())).toBe(error);
    expect(await rejection(socket.sendText("a"))).toBe(error);
  });
});

describe("`await using`", () => {
  test("closes with 1000 what is still open", async () => {
    const { socket, driver } = await acceptedConnection();
    {
      await using scoped = socket;
      expect(scoped.applicationState).toBe("connected");
    }
    expect(driver.sent.slice(1)).toEqual([close(1000)]);
  });

  test("closes when the block throws, and the error goes on", async () => {
    const { socket, driver } = await acceptedConnection();
    const mistake = new Error("mistake");
    const run = async (): Promise<void> => {
      await using _scoped = socket;
      throw mistake;
    };
    expect(await rejection(run())).toBe(mistake);
    expect(driver.sent.slice(1)).toEqual([close(1000)]);
  });

  test("leaves alone what was closed, or was denied, or is being denied", async () => {
    const { socket, driver } = await acceptedConnection();
    await socket.close(4000);
    await socket[Symbol.asyncDispose]();
    expect(driver.sent.slice(1)).toEqual([close(4000)]);

    const denying = fakeConnection([], { extensions: { "websocket.http.response": {} } });
    await denying.socket.receive();
    await denying.socket.send({ type: "websocket.http.response.start", status: 403 });
    await denying.socket[Symbol.asyncDispose]();
    await denying.socket.send({ type: "websocket.http.response.body" });
    await denying.socket[Symbol.asyncDispose]();
    expect(denying.driver.sent.map(({ type }) => type)).not.toContain("websocket.close");
  });
});
