import type { Settings } from "../options/settings.js";

/** How a worker is told to end its connections. Times are in ms. */
export interface DrainOrder {
  readonly type: "drain";
  /** Over how long they are closed. */
  readonly window: number;
  /** How long they may take after that. */
  readonly grace: number;
  /** The reason of their close frames. */
  readonly reason: string;
}

/** What the parent says to a worker. A socket comes as a plain number, its id, with the handle. */
export type Order =
  | number
  | DrainOrder
  /** Answer with `pong`. */
  | { readonly type: "ping" }
  /** Readiness is told from now on as it says. */
  | { readonly type: "health"; readonly isReady: boolean }
  /** Read the certificate again; answered with `renewed`. */
  | { readonly type: "renew" };

/** Why a worker did not start, and the exit code that stands for it. */
export interface Failure {
  readonly type: "failed";
  readonly code: 2 | 3;
  readonly text: string;
}

/** What the parent has to know of the options of `serve`. */
export interface ServerFacts {
  readonly hasTls: boolean;
  /** In ms. */
  readonly startupTimeout: number;
}

/** What a worker says to the parent. */
export type Report =
  /** Sockets that it has by now, by id, and how many it has closed since the last report. */
  | { readonly type: "sockets"; readonly got: readonly number[]; readonly closed: number }
  /** What the config file and all else come to, before the application is loaded. */
  | { readonly type: "resolved"; readonly settings: Settings; readonly server: ServerFacts }
  /** The application has started. */
  | { readonly type: "ready" }
  | Failure
  /** An exception that nobody caught: it drains by itself, and ends. */
  | { readonly type: "failing" }
  /** How much memory it takes, in bytes. */
  | { readonly type: "pong"; readonly rss: number }
  /** The certificate was read again; `error` says why the old one stays. */
  | { readonly type: "renewed"; readonly error: string | undefined }
  /** The answer to `--check`. */
  | { readonly type: "checked"; readonly options: unknown };
