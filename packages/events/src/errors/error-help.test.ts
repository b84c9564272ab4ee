import { readFile } from "node:fs/promises";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { checkApplication } from "../model/not-an-application.js";
import { helpLine } from "./error-help.js";
import { InvalidMessage } from "./invalid-message.js";
import { ProtocolError } from "./protocol-error.js";

const errors = [
  new ProtocolError("ERR_WS_EVENT_ORDER", "expected another"),
  new InvalidMessage("ERR_WS_MESSAGE_JSON", "expected JSON"),
  (() => {
    try {
      return checkApplication(undefined, "serve");
    } catch (error) {
      return error as Error & { code: string; help: string };
    }
  })(),
];

test.each(errors)("%s links to the paragraph of its code, and Node shows the link", async (error) => {
  if (error === undefined) return expect.fail("no error");
  const [page, anchor] = error.help.split("#");
  expect(page).toMatch(/docs\/reference\/errors\.md$/);
  const text = await readFile(new URL("../../../../docs/reference/errors.md", import.meta.url), "utf8");
  expect(text).toContain(`### ${error.code} {#${anchor}}`);
  expect(inspect(error)).toContain(error.help);
});

test("a log says the link behind the stack, and nothing behind that of another error", () => {
  expect(helpLine(new ProtocolError("ERR_WS_EVENT_ORDER", "expected another"))).toMatch(
    /^\nsee https:\/\/\S+#err_ws_event_order$/,
  );
  expect(helpLine(new Error("theirs"))).toBe("");
  expect(helpLine(Object.assign(new Error("theirs"), { help: 7 }))).toBe("");
});
