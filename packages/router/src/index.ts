export type { Converter, Converters } from "./converter.js";
export type { ParamsOf, PathParams } from "./params.js";
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
export {
  createRouter,
  type MountResolution,
  type Resolution,
  type Router,
  type RouterOptions,
  type ViewResolution,
} from "./router.js";
