import type { Report } from "../parent/messages.js";

/** Says something to the parent, where it still is; resolves when it was written. */
export function tell(report: Report): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    // The error of a parent that has gone shows as the event `disconnect`.
    process.send(report, undefined, undefined, () => resolve());
  });
}
