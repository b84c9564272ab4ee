import { type Application, ConnectionClosed } from "@ws/events";
import { describe, expect, test } from "vitest";
import { accepting, echo, untilDisconnect } from "../conformance/case.js";
import { connect } from "../index.js";

/** Sends these, then waits for the client to leave. */
function sending(...messages: (string | Uint8Array)[]): Application {
  return accepting(async ({ receive, send }) => {
    for (const message of messages) {
      if (typeof message === "string") await send({ type: "websocket.send", text: message });
      else await send({ type: "websocket.send", bytes: message });
    }
    await untilDisconnect(receive);
  });
}

const failing: Application = accepting(async ({ receive }) => {
  await receive();
  throw new Error("the view's own");
});

describe("messages", () => {
  test("texts, bytes and JSON go both ways", async () => {
    await using session = await connect(echo, "/");
    await session.sendText("a");
    expect(await session.receiveText()).toBe("a");
    await session.sendBytes(new Uint8Array([1]));
    expect(await session.receiveBytes()).toEqual(new Uint8Array([1]));
    await session.sendJson({ a: [1] });
    expect(await session.receiveJson()).toEqual({ a: [1] });
  });

  test("one of the wrong kind is told as what it is", async () => {
    await using session = await connect(sending("text", new Uint8Array(3)), "/");
    await expect(session.receiveBytes()).rejects.toThrow('expected a binary message, got the text "text"');
    await expect(session.receiveText()).rejects.toThrow("expected a text, got a binary message of 3 bytes");
  });

  test("receiveNothing resolves when nothing came, and rejects when something did", async () => {
    await using quiet = await connect(echo, "/");
    await quiet.receiveNothing(10);
    await using talking = await connect(sending("x"), "/");
    await expect(talking.receiveNothing(1_000)).rejects.toThrow(
      "expected nothing for 1000 ms; 1 messages wait",
    );
  });
});

describe("waiting", () => {
  test("a wait that times out names what it waited for, and the connection goes on", async () => {
    await using session = await connect(echo, "/", { timeout: 2_000 });
    const waiting = session.receiveText({ timeout: 10 });
    await expect(waiting).rejects.toThrow(
      "expected a text within 10 ms, got nothing; the connection is open",
    );
    await session.sendText("still here");
    expect(await session.receiveText()).toBe("still here");
  });

  test("a wait can be given up by a signal, before or while it waits, and loses nothing", async () => {
    await using session = await connect(echo, "/");
    await expect(session.receiveText({ signal: AbortSignal.abort("before") })).rejects.toBe("before");
    const controller = new AbortController();
    const waiting = session.receiveText({ signal: controller.signal });
    controller.abort("while");
    await expect(waiting).rejects.toBe("while");
    await session.sendText("kept");
    expect(await session.receiveText({ signal: new AbortController().signal })).toBe("kept");
  });

  test("two that wait at the same time get one message each", async () => {
    await using session = await connect(echo, "/");
    const both = Promise.all([session.receiveText(), session.receiveText()]);
    await session.sendText("1");
    await session.sendText("2");
    expect((await both).toSorted()).toEqual(["1", "2"]);
  });

  test("waiting for a close that does not come says how things stand", async () => {
    await using session = await connect(echo, "/", { timeout: 10 });
    await expect(session.closed).rejects.toThrow(
      "expected a close within 10 ms, got nothing; the connection is open",
    );
    await session.close();
    await expect(session.thrown).rejects.toThrow(
      "expected the application to throw within 10 ms, got nothing; the connection was closed with 1000",
    );
  });
});

describe("the end", () => {
  test("receiving after the end throws ConnectionClosed with the code", async () => {
    const session = await connect(
      accepting(async ({ send }) => send({ type: "websocket.close", code: 4_000 })),
      "/",
    );
    const error = await session.receiveText().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectionClosed);
    expect(error).toMatchObject({ code: 4_000, initiator: "server" });
    await session[Symbol.asyncDispose]();
  });

  test("so does it when the connection was lost", async () => {
    await using session = await connect(echo, "/");
    session.terminate();
    await expect(session.receiveText()).rejects.toMatchObject({ code: 1006, initiator: "network" });
  });

  test("fault 188: what failed and the application did not await surfaces at the next receive", async () => {
    const application = accepting(async ({ receive, send }) => {
      void send({ type: "websocket.send", text: "\ud800" });
      await untilDisconnect(receive);
    });
    const session = await connect(application, "/");
    await expect(session.receiveText()).rejects.toThrow("lone surrogate");
    await session[Symbol.asyncDispose]();
  });

  test("what the application threw surfaces at the next receive", async () => {
    const session = await connect(failing, "/");
    await session.sendText("go");
    await expect(session.receiveText()).rejects.toThrow("the view's own");
    await session[Symbol.asyncDispose]();
  });

  test("or at the end of the test, if nobody has seen it", async () => {
    const session = await connect(failing, "/");
    await session.sendText("go");
    await session.closed;
    await expect(session[Symbol.asyncDispose]()).rejects.toThrow("the view's own");
  });

  test("or where it is asked for", async () => {
    await using session = await connect(failing, "/");
    const thrown = session.thrown;
    await session.sendText("go");
    expect(await thrown).toEqual(new Error("the view's own"));
    expect(await session.closed).toEqual({ code: 1011, reason: "", wasClean: true });
  });

  test("a ConnectionClosed that escapes the application is no failure", async () => {
    const application = accepting(async ({ receive, send }) => {
      await untilDisconnect(receive);
      await send({ type: "websocket.send", text: "too late" });
    });
    const session = await connect(application, "/");
    await session.close();
    await expect(session.sendText("too late")).rejects.toThrow(/not open/);
    await session[Symbol.asyncDispose]();
  });

  test("a client that pauses reads nothing until it resumes", async () => {
    await using session = await connect(sending("x"), "/");
    expect(await session.receiveText()).toBe("x");
    session.pause();
    await session.sendText("y");
    session.resume();
    expect(await session.close(4_000, "bye")).toEqual({ code: 4_000, reason: "bye", wasClean: true });
  });
});
