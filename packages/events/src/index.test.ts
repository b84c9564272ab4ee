import { expect, test } from "vitest";
import * as root from "./index.js";
import * as schemas from "./schemas.js";

// A change to these lists is a change to the public interface.

test("the root exports these names at run time", () => {
  expect(Object.keys(root).sort()).toEqual([
    "CloseCode",
    "ConnectionClosed",
    "InvalidMessage",
    "PreparedEvent",
    "ProtocolError",
    "headerValues",
    "headersProblem",
    "httpSendTransitions",
    "isReceiveEvent",
    "isSendEvent",
    "isSendableCloseCode",
    "isToken",
    "lifespanSendTransitions",
    "lostConnection",
    "maxReasonBytes",
    "maxTimerDelay",
    "nextState",
    "originCheck",
    "parseHost",
    "prepare",
    "printable",
    "receiveEventProblem",
    "receiveTransitions",
    "requestUrl",
    "sendEventProblem",
    "sendTransitions",
  ]);
});

test("./schemas exports these names at run time", () => {
  expect(Object.keys(schemas).sort()).toEqual([
    "parseReceiveEvent",
    "parseSendEvent",
    "receiveEvent",
    "sendEvent",
    "webSocketScope",
  ]);
});
