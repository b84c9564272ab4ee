import type { Settings } from "../options/settings.js";

/** Tells a worker how to end its connections. Times are in ms. */
export interface DrainOrder {
  readonly type: "drain";
  /** Over how long the connections are closed. */
  readonly window: number;
  /** How long the connections may take after that. */
  readonly grace: number;
  /** The reason of their close frames. */
  readonly reason: string;
}

/** A message from the parent to a worker. A socket is sent as a plain number, its id, together with the handle. */
export type Order =
  | number
  | DrainOrder
  /** Answer with `pong`. */
  | { readonly type: "ping" }
  /** Sets whether the health check reports readiness. */
  | { readonly type: "health"; readonly isReady: boolean }
  /** Asks the worker to read the certificate again. It answers with `renewed`. */
  | { readonly type: "renew" };

/** Why a worker did not start, and the exit code for that. */
export interface Failure {
  readonly type: "failed";
  readonly code: 2 | 3;
  readonly text: string;
}

/** What the parent needs to know of the options of `serve`. */
export interface ServerFacts {
  readonly hasTls: boolean;
  /** In ms. */
  readonly startupTimeout: number;
}

/** A message from a worker to the parent. */
export type Report =
  /** The sockets that it has received, by their ids, and how many it has closed since the last report. */
  | { readonly type: "sockets"; readonly got: readonly number[]; readonly closed: number }
  /** The merged settings, before the application is loaded. */
  | { readonly type: "resolved"; readonly settings: Settings; readonly server: ServerFacts }
  /** The application has started. */
  | { readonly type: "ready" }
  | Failure
  /** An exception was not caught. The worker drains by itself, and ends. */
  | { readonly type: "failing" }
  /** How much memory the process uses, in bytes. */
  | { readonly type: "pong"; readonly rss: number }
  /** The certificate was read again. If that failed, `error` says why the old one is kept. */
  | { readonly type: "renewed"; readonly error: string | undefined }
  /** The answer to `--check`. */
  | { readonly type: "checked"; readonly options: unknown };
