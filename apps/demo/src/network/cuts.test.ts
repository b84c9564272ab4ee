import { memory } from "@ws/broadcast";
import { expect, test } from "vitest";
import { cutAtRandom, whole } from "./cuts.fixture.js";
import { World } from "./world.fixture.js";

test("20 cuts at random moments: nothing lost, nothing twice, no gap told, every request answered and run once", async () => {
  await using world = await World.start(memory);
  const outcome = await cutAtRandom(world, 20, { readers: 2 });
  expect(outcome).toMatchObject(whole);
  expect(outcome.answered).toBe(outcome.asked);
  expect(outcome.received).toBe(2 * outcome.published);
});
