import type { Client, RequestArguments } from "@ws/client";
import type { Channel, RequestInput, RequestName, RequestOf, RequestOutput } from "@ws/contract";
import { useCallback, useRef, useState } from "react";

/** How the newest request of a component stands. */
export interface RequestState<Output> {
  readonly isPending: boolean;
  readonly data: Output | undefined;
  /** What it was rejected with; `client.isError` tells what it is. */
  readonly error: unknown;
}

/**
 * A function that makes a request, and how the newest one stands. It resolves with `true` when the request was answered, and never
 * rejects: the error is in the state. A request goes on when its component is gone.
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
        // What an older one was answered is of no account any more.
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
