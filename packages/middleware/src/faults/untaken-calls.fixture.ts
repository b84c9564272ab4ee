// In a process of its own, without a listener to unhandled rejections: for each case a server on a port, a client whose
// view makes that mistake, and then a client that does nothing wrong. It says what each got, a line of JSON a case.
import { setImmediate as turn } from "node:timers/promises";
import type { Connection } from "@ws/connection";
import type { Application, Middleware } from "@ws/events";
import { createRouter, mount, websocket } from "@ws/router";
import { loopback, start, type TestServer, type TestSession } from "@ws/testing";
import { accessLog, catchErrors, compose, timeouts, websockets } from "../index.js";

/** What a case got. */
export interface Outcome {
  readonly name: string;
  /** The close code that the client saw, or the status that it was refused with. */
  readonly code: number;
  readonly logged: readonly { readonly message: string; readonly path: unknown; readonly call: unknown }[];
  /** What the client was sent before the end. */
  readonly received: readonly string[];
  /** What a client after it was answered. */
  readonly next: string;
}

type Mistake = (socket: Connection) => unknown;

interface Case {
  readonly view?: Mistake;
  /** In place of the view. */
  readonly application?: Application;
  readonly middleware?: Middleware;
  /** What the client does once it is let in. */
  readonly client?: (session: TestSession) => unknown;
}

async function echo(socket: Connection): Promise<void> {
  for await (const message of socket.text()) await socket.sendText(message);
}

/** Accepts, makes the mistake, and goes on as if nothing were. */
const opened = (mistake: Mistake): Case => ({
  view: async (socket) => {
    await socket.accept();
    mistake(socket);
    await echo(socket);
  },
});

/** The same where a binary message comes, which is not what is waited for. */
const binary = (mistake: Mistake): Case => ({
  view: async (socket) => {
    await socket.accept();
    await mistake(socket);
    await turn();
    await turn();
    await echo(socket);
  },
  client: (session) => session.sendBytes(new Uint8Array(3)),
});

const raw = (middleware?: Middleware): Case => ({
  application: async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    void send({ type: "websocket.send", text: "\ud800" });
    while ((await receive()).type !== "websocket.disconnect");
  },
  ...(middleware && { middleware }),
});

const strings = (isSlow: boolean) => ({
  "~standard": {
    version: 1 as const,
    vendor: "test",
    validate: (value: unknown) => {
      const result = typeof value === "string" ? { value } : { issues: [{ message: "expected a string" }] };
      return isSlow ? turn(result) : result;
    },
  },
});
const typed = (socket: Connection, isSlow = false) => {
  const schema = strings(isSlow);
  return socket.with({ receive: schema, send: schema });
};

/** As applications write them: its send is an async function of its own. */
const wrapping: Middleware = (application) => (scope, receive, send) =>
  application(scope, receive, async (event) => {
    await send(event);
  });
const ours = compose(
  accessLog({ write: () => {} }),
  catchErrors(() => {}),
  timeouts({ idle: 60_000 }),
);

const lone = "\ud800";
const cases: Readonly<Record<string, Case>> = {
  "sendText before accept": { view: async (socket) => void socket.sendText("x") },
  "sendText and then accept": {
    view: async (socket) => {
      void socket.sendText("x");
      await socket.accept();
      await echo(socket);
    },
  },
  "sendText that is no Unicode": opened((socket) => void socket.sendText(lone)),
  "sendBytes of no bytes": opened((socket) => void socket.sendBytes("x" as never)),
  "sendJson of NaN": opened((socket) => void socket.sendJson({ n: Number.NaN })),
  "sendJsonb of undefined": opened((socket) => void socket.sendJsonb(undefined)),
  "send of no event": opened((socket) => void socket.send({ type: "x" } as never)),
  "close with a bad code": opened((socket) => void socket.close(1006)),
  "accept twice": opened((socket) => void socket.accept()),
  "accept of a subprotocol that was not offered": {
    view: async (socket) => void socket.accept({ subprotocol: "none" }),
  },
  "deny with a bad status": { view: async (socket) => void socket.deny({ status: 200 }) },
  "receiveText before accept": {
    view: async (socket) => {
      void socket.receiveText();
      await socket.accept();
      await echo(socket);
    },
  },
  "receiveText of bytes": binary((socket) => void socket.receiveText()),
  "receiveJson of bytes": binary((socket) => void socket.receiveJson()),
  "receiveJsonb of no JSON": binary((socket) => void socket.receiveJsonb()),
  "next of bytes": binary((socket) => void socket.text().next()),
  "receiveText that is awaited too late": {
    view: async (socket) => {
      await socket.accept();
      const receiving = socket.receiveText();
      await socket.closed;
      await receiving;
    },
    client: (session) => session.sendBytes(new Uint8Array(3)),
  },
  "receive with a signal": opened((socket) => {
    void socket.receive({ signal: AbortSignal.abort(new Error("given up")) });
  }),
  "a typed send": opened((socket) => void typed(socket).send(1 as never)),
  "a typed send whose schema takes its time": opened((socket) => void typed(socket, true).send(1 as never)),
  "a typed receive whose schema takes its time": {
    view: async (socket) => {
      await socket.accept();
      void typed(socket, true).receive();
      await socket.closed;
    },
    client: (session) => session.sendText("1"),
  },
  "a chain without a rejection handler": opened((socket) => {
    void socket.sendText(lone).then(() => "sent");
  }),
  "a chain that ends with finally": opened((socket) => {
    void socket.sendText(lone).finally(() => {});
  }),
  "a send through a middleware's async function": {
    ...opened((socket) => void socket.sendText(lone)),
    middleware: wrapping,
  },
  "a send through our middleware": { ...opened((socket) => void socket.sendText(lone)), middleware: ours },
  "a raw send": raw(),
  "a raw send through our middleware": raw(ours),
  "one that is caught": opened((socket) => void socket.sendText(lone).catch(() => {})),
  "several, of which all are awaited": opened((socket) => {
    void Promise.allSettled([socket.sendText(lone), socket.sendJson(undefined), socket.accept()]);
  }),
  "one that an async function gives on, and is caught there": opened((socket) => {
    const give = async (): Promise<void> => socket.sendText(lone);
    give().catch(() => {});
  }),
  "one that is awaited within the turn": opened(async (socket) => {
    const sending = socket.sendText(lone);
    await null;
    await sending.catch(() => {});
  }),
  "a send to a client that left": {
    view: async (socket) => {
      await socket.accept();
      await socket.closed;
      void socket.sendText("x");
      void socket.sendJson(1).then(() => {});
      void socket.receiveText();
      void socket.text().next();
      await turn();
      await turn();
    },
    client: (session) => session.terminate(),
  },
  "a raw send to a client that left, through our middleware": {
    application: async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      while ((await receive()).type !== "websocket.disconnect");
      void send({ type: "websocket.send", text: "x" });
      await turn();
      await turn();
    },
    middleware: ours,
    client: (session) => session.terminate(),
  },
};

async function talk(server: TestServer, act: Case["client"]): Promise<Pick<Outcome, "code" | "received">> {
  const received: string[] = [];
  try {
    const session = await server.connect("/mistake/");
    await act?.(session);
    if (act === undefined) await turn();
    session.sendText("still here").catch(() => {});
    try {
      for (;;) {
        received.push(await session.receiveText());
        if (received.at(-1) === "still here") return { code: (await session.close()).code, received };
      }
    } catch {
      return { code: (await session.closed).code, received };
    }
  } catch (error) {
    return { code: (error as { readonly status: number }).status, received };
  }
}

for (const [
  name,
  { view, application, middleware = (inner: Application) => inner, client },
] of Object.entries(cases)) {
  const logged: Outcome["logged"][number][] = [];
  const note = (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    logged.push({ message, path: fields["path"], call: fields["call"] });
  };
  const routes = createRouter([
    application
      ? mount("/mistake", application)
      : websocket("/mistake/", async (socket) => void (await view?.(socket))),
    websocket("/", async (socket) => {
      await socket.accept();
      await echo(socket);
    }),
  ]);
  const logger = { debug() {}, info() {}, warn: note, error: note };
  const server = await start(middleware(websockets(routes)()), { transport: loopback, logger });
  const seen = await talk(server, client);
  const good = await server.connect("/");
  await good.sendText("hello");
  const next = await good.receiveText();
  await good.close();
  await server.close();
  const outcome: Outcome = { name, ...seen, logged, next };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
