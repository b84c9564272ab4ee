import type { Client, RequestArguments } from "@ws/client";
import type { Channel, RequestInput, RequestName, RequestOf, RequestOutput } from "@ws/contract";
import { useCallback, useRef, useState } from "react";

/** The state of a component's latest request. */
export interface RequestState<Output> {
  readonly isPending: boolean;
  readonly data: Output | undefined;
  /** The error with which it was rejected; `client.isError` tells which error it is. */
  readonly error: unknown;
}

/**
 * A function that makes a request, and the state of the latest one. The function resolves with `true` when the request was
 * answered, and never rejects: the error is in the state. A request continues after its component is unmounted.
 */
export function useRequest<C extends Channel, N extends RequestName<C>>(
  client: Client<C>,
  name: N,
): [
  run: (...given: RequestArguments<RequestInput<RequestOf<C, N>>>) => Promise<boolean>,
  state: RequestState<RequestOutput<RequestOf<C, N>>>,
] {
  type Output = RequestOutput<RequestOf<C, N>>;
  const [state, setState] = useState({ isPending: false } as RequestState<Output>);
  const newest = useRef(0);
  const run = useCallback(
    (...given: RequestArguments<RequestInput<RequestOf<C, N>>>) => {
      newest.current += 1;
      const own = newest.current;
      setState(({ data }) => ({ isPending: true, data, error: undefined }));
      const settled = (isDone: boolean, data?: Output, error?: unknown): boolean => {
        // The result of an earlier request is ignored.
        if (own === newest.current) setState({ isPending: false, data, error });
        return isDone;
      };
      return client.request(name, ...given).then(
        (data) => settled(true, data),
        (error) => settled(false, undefined, error),
      );
    },
    [client, name],
  );
  return [run, state];
}
