import { connect } from "@ws/testing";
import { expect, test } from "vitest";
import { silentApplication } from "../silent-application.fixture.js";

test("says hello and closes with 1000", async () => {
  await using session = await connect(silentApplication(), "/hello/");
  expect(await session.receiveText()).toBe("hello");
  expect(await session.closed).toEqual({ code: 1000, reason: "", wasClean: true });
});
