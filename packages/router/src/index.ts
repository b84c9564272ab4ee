export type { Converter, Converters } from "./converter.js";
export type { ParamsOf, PathParams } from "./params.js";
export type { MountResolution, Resolution, ViewResolution } from "./resolution.js";
export {
  include,
  type MountRoute,
  mount,
  type Route,
  type RouteEntry,
  type View,
  type ViewRoute,
  websocket,
} from "./route.js";
export { RouteError } from "./route-error.js";
export { routePath } from "./route-path.js";
export { createRouter, type Router, type RouterOptions } from "./router.js";
