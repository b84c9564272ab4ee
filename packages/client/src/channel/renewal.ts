import type { ClientOptions } from "./options.js";

/** Renews the token of an open connection before it ends. */
export interface Renewal {
  /** The token ends in so many ms; anything else plans nothing. */
  plan(expiresIn: unknown): void;
  stop(): void;
}

/** The later of 80 % of a token's life and 30 s before its end. */
export function createRenewal(
  token: NonNullable<ClientOptions["token"]>,
  renewed: (token: string | null) => void,
): Renewal {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    plan(expiresIn) {
      clearTimeout(timer);
      const left = Number(expiresIn);
      if (!(left > 0)) return;
      const wait = Math.min(Math.max(left * 0.8, left - 30_000), 2 ** 31 - 1);
      const renew = async (): Promise<void> => {
        renewed(await token({ rejected: false, signal: AbortSignal.timeout(10_000) }));
      };
      // Where none is to be had the old one ends, the server closes with 3000, and the next attempt asks for one.
      timer = setTimeout(() => void renew().catch(() => {}), wait);
    },
    stop: () => clearTimeout(timer),
  };
}
