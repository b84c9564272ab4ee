export type { Converter, Converters, ParamsOf, PathParams } from "@ws/contract";
export { RouteError } from "./pattern/route-error.js";
export { type IncludeOptions, include, mount, type WebSocketOptions, websocket } from "./route/declare.js";
export type { MountResolution, Resolution, ViewResolution } from "./route/resolution.js";
export type { MountRoute, NeededByAll, Route, RouteEntry, View, ViewRoute } from "./route/route.js";
export { routePath } from "./route-path.js";
export { createRouter, type Router, type RouterOptions } from "./router.js";
