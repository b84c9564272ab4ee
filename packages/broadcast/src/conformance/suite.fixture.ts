import * as vitest from "vitest";
import type { EngineHarness } from "./harness.js";
import { conformEngine as conform } from "./suite.js";

export type { EngineHarness, ServerFaults } from "./harness.js";

/** How another process makes an engine on the same server: `import(module)[make](options)`. */
export interface EngineRecipe {
  /** The URL of the module that makes it. */
  readonly module: string;
  readonly make: string;
  /** As JSON. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The suite, as tests of vitest. */
export function conformEngine<Server>(name: string, harness: EngineHarness<Server>): void {
  conform(name, harness, vitest);
}
