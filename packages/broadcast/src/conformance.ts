/**
 * The behaviour that is required of every engine, as tests for an engine of your own. See `docs/writing-an-engine.md`.
 *
 * @module
 */
export type { EngineHarness, ServerFaults } from "./conformance/harness.js";
export { conformEngine } from "./conformance/suite.js";
export type { Expect, Expectation, Matchers, TestApi } from "./conformance/test-api.js";
