import { spawn } from "node:child_process";
import type { Logger } from "@ws/server";

/** How long `systemd-notify` may take, in ms: one that hangs must not hold up what is told after it. */
const longest = 5_000;

/** Resolves when all that was said is told: what is said later must not come first. */
let told: Promise<unknown> = Promise.resolve();

/**
 * Tells systemd how the service is doing (sd_notify), where it asks for that. Node has no unix datagrams, so the program
 * that comes with systemd does it: the unit needs `NotifyAccess=all`.
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

/** The first descriptor that systemd passes to a service whose socket it holds (sd_listen_fds). */
const firstDescriptor = 3;

/** The descriptor of the socket that systemd has passed to this process; `undefined` where it has not. */
export function passedDescriptor(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): number | undefined {
  const { LISTEN_PID, LISTEN_FDS } = env;
  return Number(LISTEN_PID) === pid && Number(LISTEN_FDS) >= 1 ? firstDescriptor : undefined;
}
