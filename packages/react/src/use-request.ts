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
  const [state, setState] = useState<RequestState<Output>>({
    isPending: false,
    data: undefined,
    error: undefined,
  });
  const newest = useRef(0);
  const run = useCallback(
    async (...given: RequestArguments<RequestInput<RequestOf<C, N>>>) => {
      newest.current += 1;
      const own = newest.current;
      setState(({ data }) => ({ isPending: true, data, error: undefined }));
      let error: unknown;
      let data: Output | undefined;
      let isDone = true;
      try {
        data = await client.request(name, ...given);
      } catch (thrown) {
        error = thrown;
        isDone = false;
      }
      // What an older one was answered is of no account any more.
      if (own === newest.current) setState({ isPending: false, data, error });
      return isDone;
    },
    [client, name],
  );
  return [run, state];
}
