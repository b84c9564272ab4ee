import { conformDelivery } from "./delivery.js";
import { conformFaults } from "./faults.js";
import type { EngineHarness } from "./harness.js";
import { conformHistory } from "./history.js";
import { conformPositions } from "./positions.js";
import { conformPresence } from "./presence.js";
import type { TestApi } from "./test-api.js";

/** Registers the behaviour that is required of every engine, as tests of that runner. */
export function conformEngine<Server>(name: string, harness: EngineHarness<Server>, api: TestApi): void {
  api.describe(`${name}: delivery`, () => conformDelivery(harness, api));
  api.describe(`${name}: positions`, () => conformPositions(harness, api));
  api.describe(`${name}: history`, () => conformHistory(harness, api));
  api.describe(`${name}: presence`, () => conformPresence(harness, api));
  const { faults } = harness;
  if (faults !== undefined) api.describe(`${name}: faults`, () => conformFaults(harness, faults, api));
}
