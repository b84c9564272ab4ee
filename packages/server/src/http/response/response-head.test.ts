import { describe, expect, test } from "vitest";
import { responseHead } from "./response-head.js";

describe("the head of a response", () => {
  test("has a status line, and says that the connection ends", () => {
    expect(responseHead(403, [])).toBe("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
  });

  test("has a line for each header, in order, duplicates kept, names lower-cased", () => {
    const headers = [
      ["Set-Cookie", "a=1"],
      ["set-cookie", "B=2"],
      ["x-empty", ""],
    ] as const;
    expect(responseHead(401, headers)).toBe(
      "HTTP/1.1 401 Unauthorized\r\nset-cookie: a=1\r\nset-cookie: B=2\r\nx-empty: \r\nconnection: close\r\n\r\n",
    );
  });

  test("has an empty phrase for a status that has none", () => {
    expect(responseHead(499, [])).toBe("HTTP/1.1 499 \r\nconnection: close\r\n\r\n");
  });
});
