import { formatJson } from "@ws/contract/validation";
import { errorCode, type Id, type WireError } from "@ws/contract/wire";

const begin = '{"jsonrpc":"2.0"';

function paramsText(method: string, params: unknown): string {
  return params === undefined ? "" : `,"params":${formatJson(params, method)}`;
}

/** @throws {TypeError} for parameters that JSON cannot represent. */
export function notificationFrame(method: string, params?: unknown): string {
  return `${begin},"method":${JSON.stringify(method)}${paramsText(method, params)}}`;
}

/** @throws {TypeError} for parameters that JSON cannot represent. */
export function requestFrame(id: Id, method: string, params: unknown): string {
  return `${begin},"id":${JSON.stringify(id)},"method":${JSON.stringify(method)}${paramsText(method, params)}}`;
}

/** A result that is `undefined` is sent as `null`. @throws {TypeError} for a result that JSON cannot represent. */
export function replyFrame(id: Id, result: unknown): string {
  return `${begin},"id":${JSON.stringify(id)},"result":${formatJson(result ?? null, "result")}}`;
}

/** @throws {TypeError} for data that JSON cannot represent. */
export function errorFrame(id: Id | null, { code, message, data }: WireError): string {
  const dataText = data === undefined ? "" : `,"data":${formatJson(data, message)}`;
  const error = `{"code":${code},"message":${JSON.stringify(message)}${dataText}}`;
  return `${begin},"id":${JSON.stringify(id)},"error":${error}}`;
}

/** All that a client is told of a failure inside the server. */
export const internalError: WireError = { code: errorCode.internal, message: "internal error" };
