import { connect } from "@ws/testing";
import { expect, test } from "vitest";
import { silentApplication } from "../silent-application.fixture.js";

test("sends a text back as a text, an empty one too", async () => {
  await using session = await connect(silentApplication(), "/ws/");
  await session.sendText("grüße");
  expect(await session.receiveText()).toBe("grüße");
  await session.sendText("");
  expect(await session.receiveText()).toBe("");
});

test("sends bytes back as bytes, unchanged", async () => {
  await using session = await connect(silentApplication(), "/ws/");
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  await session.sendBytes(bytes);
  expect(await session.receiveBytes()).toEqual(bytes);
});

test("keeps the order of texts and bytes among one another", async () => {
  await using session = await connect(silentApplication(), "/ws/");
  await session.sendText("1");
  await session.sendBytes(Uint8Array.of(2));
  await session.sendText("3");
  expect(await session.receiveText()).toBe("1");
  expect(await session.receiveBytes()).toEqual(Uint8Array.of(2));
  expect(await session.receiveText()).toBe("3");
});

test("ends with its client", async () => {
  await using session = await connect(silentApplication(), "/ws/");
  expect(await session.close(1000, "bye")).toEqual({ code: 1000, reason: "bye", wasClean: true });
});
