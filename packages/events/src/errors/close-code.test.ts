import { describe, expect, expectTypeOf, test } from "vitest";
import { CloseCode, isSendableCloseCode, maxReasonBytes } from "./close-code.js";

/** RFC 6455 §7.4: the codes that an endpoint may put into a close frame. */
const sendable = new Set([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]);

describe("a close code that may go on the wire", () => {
  test("is 1000-1003, 1007-1014 or 3000-4999, of all 16-bit numbers", () => {
    for (let code = -2; code <= 65_537; code += 1) {
      const expected = sendable.has(code) || (code > 2999 && code < 5000);
      if (isSendableCloseCode(code) !== expected) expect.fail(`${code} should be ${expected}`);
    }
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1000.5, 3000.1, 4999.5, -1000])(
    "is never %d",
    (code) => {
      expect(isSendableCloseCode(code)).toBe(false);
    },
  );

  test("is a number, not its text", () => {
    // @ts-expect-error: a string is no code
    expect(isSendableCloseCode("1000")).toBe(false);
  });
});

describe("the names of the close codes", () => {
  test("are those of the registry", () => {
    expect(CloseCode).toEqual({
      NormalClosure: 1000,
      GoingAway: 1001,
      ProtocolError: 1002,
      UnsupportedData: 1003,
      NoStatusReceived: 1005,
      AbnormalClosure: 1006,
      InvalidPayload: 1007,
      PolicyViolation: 1008,
      MessageTooBig: 1009,
      MandatoryExtension: 1010,
      InternalError: 1011,
      ServiceRestart: 1012,
      TryAgainLater: 1013,
      BadGateway: 1014,
      TlsHandshake: 1015,
    });
  });

  test("hold three that are told to the application and never sent", () => {
    const unsendable = Object.values(CloseCode).filter((code) => !isSendableCloseCode(code));
    expect(unsendable).toEqual([1005, 1006, 1015]);
  });

  test("are literal types", () => {
    expectTypeOf(CloseCode.GoingAway).toEqualTypeOf<1001>();
    expectTypeOf<CloseCode>().toExtend<number>();
    // @ts-expect-error: 1004 has no meaning and no name
    const code: CloseCode = 1004;
    expect(isSendableCloseCode(code)).toBe(false);
  });
});

test("a close reason has the room that a control frame leaves beside the code", () => {
  expect(maxReasonBytes).toBe(125 - 2);
});
