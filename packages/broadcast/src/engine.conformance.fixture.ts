import { describe } from "vitest";
import { conformDelivery } from "./conformance-delivery.fixture.js";
import { conformFaults } from "./conformance-faults.fixture.js";
import { conformHistory } from "./conformance-history.fixture.js";
import { conformPresence } from "./conformance-presence.fixture.js";
import type { Engine } from "./engine.js";

/** What can be done to a real server. All of them resolve when it is done. */
export interface ServerFaults<Server> {
  /** SIGKILL; its data is lost. */
  kill(server: Server): Promise<void>;
  /** Starts it again on the same port; resolves when it takes connections. */
  restart(server: Server): Promise<void>;
  /** SIGSTOP: connections stay, nothing is answered. */
  stop(server: Server): Promise<void>;
  /** SIGCONT. */
  continue(server: Server): Promise<void>;
}

/** How another process makes an engine on the same server: `import(module)[make](options)`. */
export interface EngineRecipe {
  /** Beside the fixtures, as `"./redis.js"`. */
  readonly module: string;
  readonly make: string;
  /** As JSON. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What the suite needs of an engine; abilities that it doesn't have it leaves out, and their cases are not there. */
export interface EngineHarness<Server> {
  /** Starts a server; for an engine without one, gives anything. */
  start(): Promise<Server>;
  /** Ends it, in whatever state it is. */
  end(server: Server): Promise<void>;
  /** A new engine that is not started, under that prefix where one is given. */
  engine(server: Server, prefix?: string): Engine;
  /** Whether engines on one server see each other, as processes do. */
  readonly second?: true;
  /** Whether engines can be given a prefix. */
  readonly prefixes?: true;
  readonly faults?: ServerFaults<Server>;
  /** For the process that is killed. */
  readonly recipe?: (server: Server) => EngineRecipe;
}

/** Registers what every engine must do, as tests. */
export function conformEngine<Server>(name: string, harness: EngineHarness<Server>): void {
  describe(`${name}: delivery`, () => conformDelivery(harness));
  describe(`${name}: history`, () => conformHistory(harness));
  describe(`${name}: presence`, () => conformPresence(harness));
  if (harness.faults !== undefined) {
    const { faults } = harness;
    describe(`${name}: faults`, () => conformFaults(harness, faults));
  }
}
