import { spawn } from "node:child_process";
import type { Logger } from "@ws/server";

/** How long `systemd-notify` may take, in ms. If it hangs, it must not delay later notifications. */
const longest = 5_000;

/** Resolves when all earlier notifications were sent, because their order matters. */
let told: Promise<unknown> = Promise.resolve();

/**
 * Reports the state of the service to systemd (sd_notify), where systemd asks for it. Node has no unix datagrams, so the
 * program that comes with systemd sends it; the unit needs `NotifyAccess=all`.
 */
export function notifySystemd(state: string, logger: Logger): void {
  if (process.env["NOTIFY_SOCKET"] === undefined) return;
  told = told.then(() => tell(state, logger));
}

function tell(state: string, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    const notify = spawn("systemd-notify", [`--pid=${process.pid}`, state], {
      stdio: "ignore",
      timeout: longest,
    });
    notify.on("error", (error) => {
      logger.warn("systemd-notify can't be run", { reason: error.message });
      resolve();
    });
    notify.on("exit", () => resolve());
  });
}

/** The first descriptor that systemd passes to a service whose socket it opened (sd_listen_fds). */
const firstDescriptor = 3;

/** The descriptor of the socket that systemd has passed to this process; `undefined` where there is none. */
export function passedDescriptor(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): number | undefined {
  const { LISTEN_PID, LISTEN_FDS } = env;
  return Number(LISTEN_PID) === pid && Number(LISTEN_FDS) >= 1 ? firstDescriptor : undefined;
}
