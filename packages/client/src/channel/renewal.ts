import type { ClientOptions } from "./options.js";

/** Renews the token of an open connection before it expires. */
export interface Renewal {
  /** The token expires in so many ms. A value that is no number is ignored. */
  plan(expiresIn: unknown): void;
  stop(): void;
}

/** The renewal is after 80 % of the token's life, or 30 s before its end, whichever is later. */
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
      // Where there is no new token the old one expires, the server closes with 3000, and the next attempt asks for a token.
      timer = setTimeout(() => void renew().catch(() => {}), wait);
    },
    stop: () => clearTimeout(timer),
  };
}
