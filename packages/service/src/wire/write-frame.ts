import { formatJson } from "@ws/contract/validation";
import { errorCode, type Id, type WireError } from "@ws/contract/wire";

const begin = '{"jsonrpc":"2.0"';

function paramsText(method: string, params: unknown): string {
  return params === undefined ? "" : `,"params":${formatJson(params, method)}`;
}

/** @throws {TypeError} for parameters that JSON can't hold. */
export function notificationFrame(method: string, params?: unknown): string {
  return `${begin},"method":${JSON.stringify(method)}${paramsText(method, params)}}`;
}

/** @throws {TypeError} for parameters that JSON can't hold. */
export function requestFrame(id: Id, method: string, params: unknown): string {
  return `${begin},"id":${JSON.stringify(id)},"method":${JSON.stringify(method)}${paramsText(method, params)}}`;
}

/** A result that is `undefined` travels as `null`. @throws {TypeError} for one that JSON can't hold. */
export function replyFrame(id: Id, result: unknown): string {
  return `${begin},"id":${JSON.stringify(id)},"result":${formatJson(result ?? null, "result")}}`;
}

/** @throws {TypeError} for data that JSON can't hold. */
export function errorFrame(id: Id | null, { code, message, data }: WireError): string {
  const dataText = data === undefined ? "" : `,"data":${formatJson(data, message)}`;
  const error = `{"code":${code},"message":${JSON.stringify(message)}${dataText}}`;
  return `${begin},"id":${JSON.stringify(id)},"error":${error}}`;
}

/** What a client learns of a failure: nothing more. */
export const internalError: WireError = { code: errorCode.internal, message: "internal error" };
