import type { Engine } from "../engine/engine.js";

/** What can be done to a real server. Each method resolves when it is done. */
export interface ServerFaults<Server> {
  /** SIGKILL: the server ends, and its data is lost. */
  kill(server: Server): Promise<void>;
  /** Starts it again on the same port; resolves when it takes connections. */
  restart(server: Server): Promise<void>;
  /** SIGSTOP: its connections stay open, and it answers nothing. */
  stop(server: Server): Promise<void>;
  /** SIGCONT: it goes on. */
  continue(server: Server): Promise<void>;
}

/**
 * What the suite needs of an engine. An ability that the engine does not have is left out, and then its cases are left out
 * as well.
 */
export interface EngineHarness<Server> {
  /** Starts a server. For an engine without a server it returns any value. */
  start(): Promise<Server>;
  /** Ends the server, whatever state it is in. */
  end(server: Server): Promise<void>;
  /** A new engine that has not been started, with that prefix where one is given. */
  engine(server: Server, prefix?: string): Engine;
  /** Whether engines at the same server see each other, as different processes do. */
  readonly second?: true;
  /** Whether engines can have a prefix. */
  readonly prefixes?: true;
  readonly faults?: ServerFaults<Server>;
}
