import { expect, test } from "vitest";
import { webSocketScope } from "../events.fixture.js";
import { upgradeRequest } from "./upgrade-request.js";

test("values of one name are joined as Node joins them", () => {
  const headers = [
    ["cookie", "a=1"],
    ["x-a", "1"],
    ["cookie", "b=2"],
    ["x-a", "2"],
  ] as const;
  const request = upgradeRequest(webSocketScope({ headers }));
  expect({ ...request.headers }).toEqual({ cookie: "a=1; b=2", "x-a": "1, 2" });
  expect(request.rawHeaders).toEqual(headers.flat());
  expect(request.socket).toEqual({ remoteAddress: undefined, remotePort: undefined, encrypted: false });
});
