interface PageEvent {
  readonly type: string;
  readonly persisted?: boolean;
}

/** The parts of a page's window that are used. */
interface Page {
  readonly document?: { readonly hidden: boolean };
  addEventListener?(type: string, listener: (event: PageEvent) => void, capture: true): void;
  removeEventListener(type: string, listener: (event: PageEvent) => void, capture: true): void;
}

const events = ["visibilitychange", "online", "offline", "pageshow", "resume", "pagehide", "freeze"];

/**
 * Reports changes of the page that concern its connections: `woke` where they should be checked, `sleeps` where the browser
 * is about to freeze the page and keeps it only without open sockets. Without a page nothing is reported.
 */
export function watchPage(woke: (isOffline: boolean) => void, sleeps: () => void): () => void {
  const page = globalThis as unknown as Page;
  // Libraries that render without a window provide only a document.
  if (!page.document || !page.addEventListener) return () => {};
  const listener = ({ type, persisted }: PageEvent): void => {
    if (type === "freeze" || (type === "pagehide" && persisted)) sleeps();
    else if (type !== "pagehide" && !page.document?.hidden) woke(type === "offline");
  };
  // The listeners are on the window and capture, so that they get the events of the document as well.
  for (const type of events) page.addEventListener(type, listener, true);
  return () => {
    for (const type of events) page.removeEventListener(type, listener, true);
  };
}
