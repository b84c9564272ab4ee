import type { PathParams } from "@ws/contract/path";
import type { Application } from "@ws/events";
import type { AnyViewRoute, MountRoute, View } from "./route.js";

/** A path that leads to a view. */
export interface ViewResolution {
  readonly kind: "view";
  readonly view: View;
  readonly params: PathParams;
  readonly route: AnyViewRoute;
}

/** A path that belongs to a mounted application. */
export interface MountResolution {
  readonly kind: "mount";
  readonly view: undefined;
  readonly application: Application;
  /** The part of the path that the prefix matched, without a trailing slash. It is appended to the scope's `rootPath`. */
  readonly rootPath: string;
  readonly params: PathParams;
  readonly route: MountRoute<object>;
}

export type Resolution = ViewResolution | MountResolution;
