import type { Engine } from "../engine/engine.js";

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
}
