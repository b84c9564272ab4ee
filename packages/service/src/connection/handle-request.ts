import type { RequestSpec } from "@ws/contract";
import { validateReceived, validateSent } from "@ws/contract/validation";
import { errorCode, type Id, type WireError } from "@ws/contract/wire";
import { InvalidMessage } from "@ws/events";
import type { Served } from "../channel/service.js";
import { DeclaredError, invalidParams, RefusedRequest } from "../requests/request-error.js";
import { errorFrame, internalError, replyFrame } from "../wire/write-frame.js";

/** What a request came to. */
export interface Outcome {
  /** The frame that it is answered with. */
  readonly frame: string;
  /** Whether the same request may be answered with it again: it was run, and said what it came to. */
  readonly isFinal: boolean;
}

/** Calls the handler of a request and makes its reply. Never rejects: what is not the client's to know goes to `onFailed`. */
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

/** @throws {RefusedRequest} for an input against the contract, at once or later. */
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
