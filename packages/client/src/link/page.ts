interface PageEvent {
  readonly type: string;
  readonly persisted?: boolean;
}

/** The window of a page, as far as it is watched. */
interface Page {
  readonly document?: { readonly hidden: boolean };
  addEventListener?(type: string, listener: (event: PageEvent) => void, capture: true): void;
  removeEventListener(type: string, listener: (event: PageEvent) => void, capture: true): void;
}

const events = ["visibilitychange", "online", "offline", "pageshow", "resume", "pagehide", "freeze"];

/**
 * Tells when a page has something to do with its connections: `woke` where they had better be looked at, `sleeps` where the
 * browser puts the page away and keeps it only without open sockets. Where there is no page nothing is told.
 */
export function watchPage(woke: (isOffline: boolean) => void, sleeps: () => void): () => void {
  const page = globalThis as unknown as Page;
  // Libraries that draw without a window have a document alone.
  if (!page.document || !page.addEventListener) return () => {};
  const listener = ({ type, persisted }: PageEvent): void => {
    if (type === "freeze" || (type === "pagehide" && persisted)) sleeps();
    else if (type !== "pagehide" && !page.document?.hidden) woke(type === "offline");
  };
  // Captured on the window, so that one call covers those of the document too.
  for (const type of events) page.addEventListener(type, listener, true);
  return () => {
    for (const type of events) page.removeEventListener(type, listener, true);
  };
}
