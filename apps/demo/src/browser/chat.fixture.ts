import { expect, test } from "vitest";
import { Guest } from "../chat/guest.fixture.js";
import { remote } from "../engines/remote.fixture.js";
import { askToJoin, heard, join, type Stage, say, state, visit } from "./browser.fixture.js";

export function chat(stage: Stage): void {
  test("lets people talk in a room, shows who comes and goes, and says so when a name is taken", async () => {
    const server = remote(stage.server.url);
    await using visited = await visit(stage.browser, server.url);
    const { page, complaints } = visited;
    await using bo = await Guest.joined(server, "Bo", "talk");
    await askToJoin(page, "bo", "talk");
    await page.getByRole("alert").filter({ hasText: "Somebody of that name is here already." }).waitFor();
    await state(page, "Chat", "Not in a room");
    await join(page, "Ada", "talk");
    await page.getByText("2 here: Ada, Bo").waitFor();
    await using cy = await Guest.joined(server, "Cy", "talk");
    await heard(page, "Cy joined");
    await page.getByText("3 here: Ada, Bo, Cy").waitFor();
    cy.client.close();
    const left = heard(page, "Cy left");
    await say(page, "<i>hello</i> Bo");
    await bo.hears("Ada: <i>hello</i> Bo");
    await bo.say("hello Ada");
    await heard(page, "hello Ada");
    await left;
    await page.getByText("2 here: Ada, Bo").waitFor();
    await page.getByRole("button", { name: "Leave" }).click();
    await state(page, "Chat", "Not in a room");
    expect(complaints).toEqual([]);
  });
}
