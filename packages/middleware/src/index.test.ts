import { expect, test } from "vitest";
import * as root from "./index.js";

// A change to this list is a change to the public interface.

test("the package exports these names at run time", () => {
  expect(Object.keys(root).sort()).toEqual([
    "AuthSession",
    "accessLog",
    "allowedHosts",
    "allowedOrigins",
    "asWebSocket",
    "authenticate",
    "bearerToken",
    "catchErrors",
    "compose",
    "cookieToken",
    "defineMiddleware",
    "lifespan",
    "limitConnections",
    "rateLimit",
    "subprotocolToken",
    "timeouts",
    "visibleDenials",
    "websockets",
  ]);
});
