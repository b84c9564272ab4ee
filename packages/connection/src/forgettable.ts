import { ConnectionClosed } from "@ws/events";

/**
 * The same outcome, but nobody needs to await it: the end of a connection is no unhandled rejection, and so cannot
 * end the process. A mistake of the application's own still is one.
 */
export function forgettable(work: Promise<void>): Promise<void> {
  const sent = new Promise<void>((resolve, reject) => {
    work.then(resolve, (error: unknown) => {
      if (error instanceof ConnectionClosed) sent.catch(() => {});
      reject(error);
    });
  });
  return sent;
}

/** What `work` gives, itself; a throw of its own as a rejection. */
export function attempt(work: () => Promise<void>): Promise<void> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}
