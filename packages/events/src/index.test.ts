import { expect, test } from "vitest";
import * as checks from "./checks.js";
import * as root from "./index.js";
import * as schemas from "./schemas.js";

// A change to these lists is a change to the public interface.

test("the root exports these names at run time", () => {
  expect(Object.keys(root).sort()).toEqual([
    "BrandedError",
    "CloseCode",
    "ConnectionClosed",
    "InvalidMessage",
    "PreparedEvent",
    "ProtocolError",
    "headerValues",
    "headersProblem",
    "hostCheck",
    "httpSendTransitions",
    "inboxOf",
    "isPrepared",
    "isReceiveEvent",
    "isSendEvent",
    "isSendableCloseCode",
    "isToken",
    "lifespanSendTransitions",
    "lostConnection",
    "maxReasonBytes",
    "maxTimerDelay",
    "nextState",
    "offerInbox",
    "originCheck",
    "parseHost",
    "parseOrigin",
    "prepare",
    "printable",
    "receiveEventProblem",
    "receiveTransitions",
    "requestUrl",
    "sendEventProblem",
    "sendTransitions",
    "sentAtOnce",
    "trackPromise",
    "trackThen",
    "trackedRejection",
  ]);
});

test("./checks exports these names at run time", () => {
  expect(Object.keys(checks).sort()).toEqual([
    "NotAnApplication",
    "checkApplication",
    "checkResult",
    "describeValue",
    "errorHelp",
    "errorText",
    "isNotAnApplication",
    "printable",
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
