/**
 * What every engine must do, as tests: for those who write one of their own. See `docs/writing-an-engine.md`.
 *
 * @module
 */
export type { EngineHarness, ServerFaults } from "./conformance/harness.js";
export { conformEngine } from "./conformance/suite.js";
export type { Expect, Expectation, Matchers, TestApi } from "./conformance/test-api.js";
