import { describe, expect, expectTypeOf, test } from "vitest";
import { ProtocolError } from "../errors/protocol-error.js";
import type { ReceiveEvent, SendEvent } from "../model/event.js";
import {
  type ApplicationState,
  type ClientState,
  httpSendTransitions,
  lifespanSendTransitions,
  nextState,
  receiveTransitions,
  sendTransitions,
  type Transitions,
} from "./lifecycle.js";

const receiveEvents: readonly ReceiveEvent["type"][] = [
  "websocket.connect",
  "websocket.receive",
  "websocket.disconnect",
  "http.request",
  "http.disconnect",
  "lifespan.startup",
  "lifespan.shutdown",
];
const sendEvents: readonly SendEvent["type"][] = [
  "websocket.accept",
  "websocket.send",
  "websocket.close",
  "websocket.http.response.start",
  "websocket.http.response.body",
  "http.response.start",
  "http.response.body",
  "lifespan.startup.complete",
  "lifespan.startup.failed",
  "lifespan.shutdown.complete",
  "lifespan.shutdown.failed",
];
/** Every event, a few that are none, and the names that every object has. */
const everyType: readonly string[] = [
  ...receiveEvents,
  ...sendEvents,
  "",
  "accept",
  "WEBSOCKET.ACCEPT",
  "constructor",
  "toString",
  "__proto__",
];
const everyMoreBody = [undefined, false, true] as const;

interface Table {
  readonly name: string;
  readonly transitions: Transitions;
  readonly states: readonly string[];
  /** `state event → next`; `event+` with `moreBody`. Whatever isn't named here is illegal. */
  readonly legal: Readonly<Record<string, string>>;
}

const tables: readonly Table[] = [
  {
    name: "what an application sends on a WebSocket scope",
    transitions: sendTransitions,
    states: ["connecting", "denying", "connected", "disconnected"],
    legal: {
      "connecting websocket.accept": "connected",
      "connecting websocket.close": "disconnected",
      "connecting websocket.http.response.start": "denying",
      "denying websocket.http.response.body+": "denying",
      "denying websocket.http.response.body": "disconnected",
      "connected websocket.send": "connected",
      "connected websocket.close": "disconnected",
    },
  },
  {
    name: "what an application receives on a WebSocket scope",
    transitions: receiveTransitions,
    states: ["connecting", "connected", "disconnected"],
    legal: {
      "connecting websocket.connect": "connected",
      "connected websocket.receive": "connected",
      "connected websocket.disconnect": "disconnected",
      "disconnected websocket.disconnect": "disconnected",
    },
  },
  {
    name: "what an application sends on an HTTP scope",
    transitions: httpSendTransitions,
    states: ["waiting", "responding", "complete"],
    legal: {
      "waiting http.response.start": "responding",
      "responding http.response.body+": "responding",
      "responding http.response.body": "complete",
    },
  },
  {
    name: "what an application sends on a lifespan scope",
    transitions: lifespanSendTransitions,
    states: ["starting", "started", "stopping", "failed", "stopped"],
    legal: {
      "starting lifespan.startup.complete": "started",
      "starting lifespan.startup.failed": "failed",
      "stopping lifespan.shutdown.complete": "stopped",
      "stopping lifespan.shutdown.failed": "stopped",
    },
  },
];

/** By the list above alone: `moreBody` says something of a body and nothing of any other event. */
function expectedNext(table: Table, state: string, type: string, moreBody?: boolean): string | undefined {
  const more = type.endsWith(".body") && moreBody === true ? "+" : "";
  const key = `${state} ${type}${more}`;
  return Object.hasOwn(table.legal, key) ? table.legal[key] : undefined;
}

function messageOf(transitions: Transitions, state: string, type: string): string {
  try {
    return `no error: ${nextState(transitions, state, { type })}`;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    expect(error.code).toBe("ERR_WS_EVENT_ORDER");
    return error.message;
  }
}

describe.each(tables)("$name", (table) => {
  const { transitions, states } = table;

  test("has these states and no other", () => {
    expect(Object.keys(transitions)).toEqual(states);
  });

  test.each(states)("while %s, takes the events of the contract and no other", (state) => {
    for (const type of everyType) {
      for (const moreBody of everyMoreBody) {
        const expected = expectedNext(table, state, type, moreBody);
        const step = (): string => nextState(transitions, state, { type, moreBody });
        if (expected === undefined) expect(step, `${state} ${type}`).toThrow(ProtocolError);
        else expect(step(), `${state} ${type}`).toBe(expected);
      }
    }
  });

  test("leads to its own states alone", () => {
    for (const next of Object.values(table.legal)) expect(states).toContain(next);
  });

  test("an event out of order is told with what was expected and what came", () => {
    for (const state of states) {
      const legal = Object.keys(table.legal)
        .filter((key) => key.startsWith(`${state} `) && !key.endsWith("+"))
        .map((key) => key.slice(state.length + 1));
      for (const type of everyType.filter((type) => expectedNext(table, state, type) === undefined)) {
        const message = messageOf(transitions, state, type);
        expect(message.startsWith(`While ${state}, expected `)).toBe(true);
        for (const name of legal) expect(message).toContain(name);
        expect(message).toContain(`, got ${type}.`);
        expect(message).not.toMatch(/undefined|function|\[object/);
      }
    }
  });
});

describe("the text of an order error", () => {
  test.each([
    [
      "connecting",
      "websocket.send",
      sendTransitions,
      "a message was sent before the connection was accepted; await accept() first",
    ],
    [
      "connecting",
      "websocket.http.response.body",
      sendTransitions,
      "the response's body came before its start",
    ],
    ["connected", "websocket.accept", sendTransitions, "the connection was accepted twice"],
    [
      "connected",
      "websocket.http.response.start",
      sendTransitions,
      "a connection that is accepted can't be denied any more; close it instead",
    ],
    ["denying", "websocket.http.response.start", sendTransitions, "the response was started twice"],
    ["denying", "websocket.close", sendTransitions, "a denial ends with its last body, not with a close"],
    ["connecting", "websocket.receive", receiveTransitions, "a message arrived before websocket.connect"],
    [
      "connecting",
      "websocket.disconnect",
      receiveTransitions,
      "the connection ended before websocket.connect was given",
    ],
    ["connected", "websocket.connect", receiveTransitions, "websocket.connect was given twice"],
    ["waiting", "http.response.body", httpSendTransitions, "the response's body came before its start"],
    ["responding", "http.response.start", httpSendTransitions, "the response was started twice"],
    [
      "complete",
      "http.response.body",
      httpSendTransitions,
      "the response was already complete; was moreBody forgotten?",
    ],
    ["started", "lifespan.startup.complete", lifespanSendTransitions, "start-up was completed twice"],
  ] as const)("while %s, %s names the likely mistake", (state, type, transitions, mistake) => {
    expect(messageOf(transitions, state, type)).toMatch(new RegExp(`, got ${type}\\. Likely mistake: `));
    expect(messageOf(transitions, state, type).endsWith(`Likely mistake: ${mistake}.`)).toBe(true);
  });

  test("reads as a sentence, with one, two, three or no legal events", () => {
    expect([
      messageOf(sendTransitions, "connecting", "websocket.send"),
      messageOf(sendTransitions, "connected", "websocket.accept"),
      messageOf(sendTransitions, "denying", "websocket.accept"),
      messageOf(sendTransitions, "disconnected", "websocket.send"),
    ]).toEqual([
      "While connecting, expected websocket.accept, websocket.close or websocket.http.response.start, " +
        "got websocket.send. Likely mistake: a message was sent before the connection was accepted; await accept() first.",
      "While connected, expected websocket.send or websocket.close, got websocket.accept. " +
        "Likely mistake: the connection was accepted twice.",
      "While denying, expected websocket.http.response.body, got websocket.accept.",
      "While disconnected, expected no event at all, got websocket.send.",
    ]);
  });

  test("guesses no mistake from a name that every object has", () => {
    for (const type of ["constructor", "toString", "hasOwnProperty", "__proto__"]) {
      expect(messageOf(sendTransitions, "connecting", type)).not.toContain("Likely mistake");
    }
  });

  test("stays short however long the type is", () => {
    expect(messageOf(sendTransitions, "connecting", "x".repeat(1_000_000)).length).toBeLessThan(300);
  });
});

test("the states of the two tables are the states of their types", () => {
  expectTypeOf<keyof typeof sendTransitions>().toEqualTypeOf<ApplicationState>();
  expectTypeOf<keyof typeof receiveTransitions>().toEqualTypeOf<ClientState>();
  const next = nextState<ApplicationState>(sendTransitions, "connecting", { type: "websocket.accept" });
  expectTypeOf(next).toEqualTypeOf<ApplicationState>();
  // @ts-expect-error: a state that the table doesn't have
  expect(() => nextState<ApplicationState>(sendTransitions, "open", { type: "websocket.send" })).toThrow(
    TypeError,
  );
});
