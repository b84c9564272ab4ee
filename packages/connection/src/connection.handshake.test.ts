import { ConnectionClosed, ProtocolError, type SendEvent } from "@ws/events";
import { Driver, webSocketScope } from "@ws/testing/driver";
import { describe, expect, test } from "vitest";
import { Connection } from "./connection.js";
import { connected, disconnected, fakeConnection, rejection, text } from "./events.fixture.js";

const canDeny = { extensions: { "websocket.http.response": {} } };
const types = (events: readonly SendEvent[]): string[] => events.map(({ type }) => type);

/** Holds back the taking of what is sent until it is let go. */
function held(driver: Driver): () => void {
  let letGo = (): void => {};
  const taking = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  driver.onSend = () => taking;
  return letGo;
}

describe("the states", () => {
  test("are both connecting at first, and nothing is asked for", () => {
    const { socket, driver } = fakeConnection();
    expect([socket.clientState, socket.applicationState]).toEqual(["connecting", "connecting"]);
    expect(driver.asked).toBe(0);
  });

  test("the client's moves when an event was received, not when it was asked for", async () => {
    const driver = new Driver();
    const socket = new Connection(webSocketScope(), driver.receive, driver.send);
    const receiving = socket.receive();
    expect(socket.clientState).toBe("connecting");
    driver.push(connected);
    expect(await receiving).toEqual(connected);
    expect(socket.clientState).toBe("connected");
    driver.push(text("a"));
    await socket.receive();
    expect(socket.clientState).toBe("connected");
    driver.push(disconnected());
    await socket.receive();
    expect(socket.clientState).toBe("disconnected");
    expect(socket.applicationState).toBe("connecting");
  });

  test("the application's moves when an event was taken, not when it was sent", async () => {
    const { socket, driver } = fakeConnection();
    await socket.receive();
    const letGo = held(driver);
    const accepting = socket.accept();
    await Promise.resolve();
    expect(socket.applicationState).toBe("connecting");
    letGo();
    await accepting;
    expect(socket.applicationState).toBe("connected");
    const letGoAgain = held(driver);
    const closing = socket.close();
    expect(socket.applicationState).toBe("connected");
    letGoAgain();
    await closing;
    expect(socket.applicationState).toBe("disconnected");
  });

  test("the application's stays where the server does not take the event", async () => {
    const refused = new ProtocolError("ERR_WS_EVENT_INVALID", "no");
    const { socket, driver } = fakeConnection();
    driver.onSend = () => Promise.reject(refused);
    expect(await rejection(socket.accept({ subprotocol: "v9" }))).toBe(refused);
    expect(socket.applicationState).toBe("connecting");
    driver.onSend = () => undefined;
    await socket.accept();
    expect(socket.applicationState).toBe("connected");
  });

  test("an event of the server's that is out of order is a ProtocolError and moves nothing", async () => {
    const driver = new Driver(text("too early"));
    const socket = new Connection(webSocketScope(), driver.receive, driver.send);
    expect(await rejection(socket.receive())).toBeInstanceOf(ProtocolError);
    expect(socket.clientState).toBe("connecting");
  });
});

describe("accept", () => {
  test("reads websocket.connect first if nobody has", async () => {
    const { socket, driver } = fakeConnection([text("a")]);
    await socket.accept();
    expect(driver.asked).toBe(1);
    expect(driver.sent).toEqual([{ type: "websocket.accept" }]);
    expect(await socket.receiveText()).toBe("a");
  });

  test("reads nothing where somebody has", async () => {
    const { socket, driver } = fakeConnection([text("a")]);
    expect(await socket.receive()).toEqual(connected);
    await socket.accept();
    expect(driver.asked).toBe(1);
  });

  test("names the subprotocol and the headers, in any of their shapes", async () => {
    const { socket, driver } = fakeConnection();
    await socket.accept({ subprotocol: "v2", headers: { "x-a": "1" } });
    expect(driver.sent).toEqual([{ type: "websocket.accept", subprotocol: "v2", headers: [["x-a", "1"]] }]);
  });

  test("a second time is a ProtocolError", async () => {
    const { socket, driver } = fakeConnection();
    await socket.accept();
    expect(await rejection(socket.accept())).toMatchObject({ code: "ERR_WS_EVENT_ORDER" });
    expect(types(driver.sent)).toEqual(["websocket.accept"]);
  });

  test("at the same time as another reads the connect once, and takes no message for it", async () => {
    const { socket, driver } = fakeConnection([text("a")]);
    await Promise.all([socket.accept(), socket.accept()]);
    expect(driver.asked).toBe(1);
    expect(await socket.receiveText()).toBe("a");
  });

  test("of a client that has gone is a ConnectionClosed", async () => {
    const { socket, driver } = fakeConnection([disconnected(1006)]);
    await socket.receive();
    await socket.receive();
    expect(await rejection(socket.accept())).toBeInstanceOf(ConnectionClosed);
    expect(driver.sent).toEqual([]);
  });
});

describe("deny", () => {
  test("answers with a record: its start, then its body", async () => {
    const { socket, driver } = fakeConnection([], canDeny);
    await socket.deny({ status: 429, headers: { "retry-after": "9" } });
    expect(driver.sent).toEqual([
      {
        type: "websocket.http.response.start",
        status: 429,
        headers: [
          ["retry-after", "9"],
          ["content-length", "0"],
        ],
      },
      { type: "websocket.http.response.body", body: new Uint8Array() },
    ]);
    expect(socket.applicationState).toBe("disconnected");
  });

  test("answers with a platform Response, its body part by part; meanwhile it is denying", async () => {
    const { socket, driver } = fakeConnection([], canDeny);
    const states: string[] = [];
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          states.push(socket.applicationState);
          controller.enqueue(new TextEncoder().encode("a"));
          if (states.length === 2) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    await socket.deny(new Response(stream, { status: 403 }));
    expect(states).toEqual(["denying", "denying"]);
    expect(socket.applicationState).toBe("disconnected");
    expect(types(driver.sent)).toEqual([
      "websocket.http.response.start",
      "websocket.http.response.body",
      "websocket.http.response.body",
      "websocket.http.response.body",
    ]);
  });

  test("closes, where the server cannot answer with a response", async () => {
    const { socket, driver } = fakeConnection();
    await socket.deny({ status: 404 });
    expect(types(driver.sent)).toEqual(["websocket.close"]);
    expect(socket.applicationState).toBe("disconnected");
  });

  test("is a ProtocolError once the connection was accepted", async () => {
    const { socket, driver } = fakeConnection([], canDeny);
    await socket.accept();
    expect(await rejection(socket.deny({ status: 404 }))).toMatchObject({ code: "ERR_WS_EVENT_ORDER" });
    expect(types(driver.sent)).toEqual(["websocket.accept"]);
  });

  test("ends the connection as refused: 1006, by the application", async () => {
    const { socket } = fakeConnection([], canDeny);
    await socket.deny({ status: 404 });
    expect(await socket.closed).toEqual({
      code: 1006,
      reason: "",
      wasClean: false,
      initiator: "application",
    });
    expect(await rejection(socket.accept())).toBe(socket.signal.reason);
  });
});

test("a close before accept ends it the same way", async () => {
  const { socket, driver } = fakeConnection();
  await socket.close();
  expect(types(driver.sent)).toEqual(["websocket.close"]);
  expect(await socket.closed).toMatchObject({ code: 1006, wasClean: false, initiator: "application" });
});
