import type { RequestSpec } from "@ws/contract";
import { validateReceived, validateSent } from "@ws/contract/validation";
import { errorCode, type Id, type WireError } from "@ws/contract/wire";
import { InvalidMessage } from "@ws/events";
import type { Served } from "../channel/service.js";
import { DeclaredError, invalidParams, RefusedRequest } from "../requests/request-error.js";
import { errorFrame, internalError, replyFrame } from "../wire/write-frame.js";

/** The outcome of a request. */
export interface Outcome {
  /** The frame of the reply. */
  readonly frame: string;
  /** Whether the same request may be answered with it again, because the request has run and its outcome is known. */
  readonly isFinal: boolean;
}

/**
 * Calls the handler of a request and makes its reply. It never rejects: an error that is not sent to the client goes to
 * `onFailed`.
 */
export async function handleRequest(
  id: Id,
  { spec, handle }: Served<RequestSpec>,
  params: unknown,
  context: object,
  onFailed: (error: unknown) => void,
): Promise<Outcome> {
  try {
    const valid = spec.input === undefined ? undefined : received(spec.input, params);
    const input = valid instanceof Promise ? await valid : valid;
    const result = await handle(input, context);
    const output =
      spec.output && (await validateSent(spec.output, result, "reply: expected a result of the contract"));
    return { frame: replyFrame(id, output), isFinal: true };
  } catch (error) {
    return await outcomeOf(id, spec, error, onFailed);
  }
}

/** @throws {RefusedRequest} for an input that does not match the contract; or rejects with it. */
function received(schema: NonNullable<RequestSpec["input"]>, params: unknown): unknown {
  const refuse = (error: unknown): never => {
    throw error instanceof InvalidMessage ? invalidParams(error) : error;
  };
  try {
    const valid = validateReceived(schema, params);
    return valid instanceof Promise ? valid.catch(refuse) : valid;
  } catch (error) {
    return refuse(error);
  }
}

async function outcomeOf(
  id: Id,
  { errors }: RequestSpec,
  error: unknown,
  onFailed: (error: unknown) => void,
): Promise<Outcome> {
  if (error instanceof RefusedRequest) return { frame: errorFrame(id, error.wire), isFinal: false };
  try {
    const schema = error instanceof DeclaredError ? errors?.[error.error] : undefined;
    if (error instanceof DeclaredError && schema !== undefined) {
      const data = await validateSent(schema, error.data, "fail: expected data of the contract");
      const declared: WireError = { code: errorCode.declared, message: error.error, data };
      return { frame: errorFrame(id, declared), isFinal: true };
    }
    onFailed(error);
  } catch (badData) {
    onFailed(badData);
  }
  return { frame: errorFrame(id, internalError), isFinal: false };
}
