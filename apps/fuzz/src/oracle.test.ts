import { describe, expect, test } from "vitest";
import { judge, type Verdict } from "./oracle.js";

const bounds = { maxPayload: 300, maxFragments: 3 };

/** Judges bytes that are written as hex; the examples have a mask of zeros. */
function of(hex: string): Verdict {
  return judge(Buffer.from(hex.replaceAll(" ", ""), "hex"), bounds);
}

const endOf = (hex: string): unknown => {
  const { ending } = of(hex);
  return ending.kind === "failed" ? ending.code : ending;
};

describe("messages", () => {
  test("the RFC's masked Hello is a text (§5.7)", () => {
    expect(of("81 85 37fa213d 7f9f4d5158").messages).toEqual([
      { isText: true, payload: Buffer.from("Hello") },
    ]);
  });

  test("fragments are one message, control frames among them are none (§5.4)", () => {
    const { messages, pings } = of("0283000000000102038982000000004142 8a8000000000 808100000000ff");
    expect(messages).toEqual([{ isText: false, payload: Buffer.from([1, 2, 3, 255]) }]);
    expect(pings).toEqual([Buffer.from("AB")]);
  });

  test("lengths may take two or eight bytes, more than they need (§5.2)", () => {
    expect(of("82fe0001 00000000 61 82ff0000000000000001 00000000 62").messages).toHaveLength(2);
  });

  test("empty ones are messages", () => {
    expect(of("818000000000 828000000000").messages).toHaveLength(2);
  });

  test.each(["", "81", "8185", "81850000", "81850000000061", "82fe00", "018000000000"])(
    "%s is cut, and no message",
    (hex) => {
      expect(of(hex)).toEqual({ messages: [], pings: [], ending: { kind: "cut" } });
    },
  );
});

describe("1002 is for", () => {
  const breaches: Readonly<Record<string, string>> = {
    "RSV1 (§5.2)": "c180",
    RSV2: "a180",
    RSV3: "9180",
    "an unmasked frame (§5.1)": "8101",
    "a reserved data opcode": "8380",
    "a reserved control opcode": "8b80",
    "a control frame in fragments (§5.5)": "0980",
    "a long control frame": "89fe",
    "a continuation of nothing (§5.4)": "8080",
    "a text within a message": "018000000000 8180",
    "a binary within a message": "018000000000 0280",
    "half a close code (§5.5.1)": "8881",
    "close code 999": "88820000000003e7",
    "close code 1005 (§7.4.1)": "88820000000003ed",
    "close code 1015": "88820000000003f7",
    "close code 2999": "8882000000000bb7",
    "close code 5000": "8882000000001388",
  };

  test.each(Object.entries(breaches))("%s", (_name, hex) => {
    expect(endOf(hex)).toBe(1002);
  });
});

describe("other codes", () => {
  test("1007 is for a text that is no UTF-8, at its first bad byte (§8.1)", () => {
    expect(endOf("818100000000ff")).toBe(1007);
    expect(endOf("018100000000ff")).toBe(1007);
    expect(endOf("818200000000c3")).toEqual({ kind: "cut" });
  });

  test("1007 is for a close reason that is none", () => {
    expect(endOf("88830000000003e8ff")).toBe(1007);
  });

  test("1009 is for a message over the limit, once its header is there", () => {
    expect(endOf("82fe012d")).toBe(1009);
    expect(endOf("82fe012c")).toEqual({ kind: "cut" });
    expect(endOf("028100000000ff 80fe012c")).toBe(1009);
    expect(endOf("82ffffffffffffffffff")).toBe(1009);
  });

  test("1008 is for more fragments than allowed", () => {
    expect(endOf("018000000000 008000000000 808000000000")).toEqual({ kind: "cut" });
    expect(endOf("018000000000 008000000000 008000000000 808000000000")).toBe(1008);
  });
});

describe("a close frame", () => {
  test("ends the stream with its code and reason; what follows counts for nothing", () => {
    const verdict = of("8885000000000fa1627965 818100000000ff ffff");
    expect(verdict.ending).toEqual({ kind: "closed", code: 4001, reason: "bye" });
  });

  test("without a code is 1005 (§7.1.5)", () => {
    expect(endOf("888000000000")).toEqual({ kind: "closed", code: 1005, reason: "" });
  });
});
