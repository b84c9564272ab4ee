import type { Report } from "../parent/messages.js";

/** Sends a report to the parent if it is still there. It resolves when the report was written. */
export function tell(report: Report): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    // If the parent has gone, the event `disconnect` handles it.
    process.send(report, undefined, undefined, () => resolve());
  });
}
