import type { Application } from "@ws/events";
import { defaults, listenDefaults, serve } from "@ws/server";
import type { Loaded } from "../load/load-settings.js";
import { readCertificate } from "./certificate.js";

/** An application with a start-up of nothing: the user's own is not started. */
const nobody: Application = async (_scope, receive, send) => {
  await receive();
  await send({ type: "lifespan.startup.complete" });
  await receive();
  await send({ type: "lifespan.shutdown.complete" });
};

/** What an option may hold that must not be shown: a password in an address. */
function masked(_key: string, value: unknown): unknown {
  if (typeof value === "function") return "(a function)";
  if (value === Number.POSITIVE_INFINITY) return "unlimited";
  return typeof value === "string" ? value.replace(/(:\/\/[^/@\s:]*:)[^/@\s]*@/g, "$1***@") : value;
}

/**
 * The options in full, as they can be printed: neither a key nor a password is among them.
 *
 * @throws {TypeError} for an option that `serve` refuses, and Node's own error for a certificate that can't be used.
 */
export async function checkedOptions({ settings, server, extra }: Loaded): Promise<unknown> {
  const { logger, tls: given } = extra as Parameters<typeof serve>[1] & object;
  const tls = readCertificate(settings, given);
  const checked = await serve(nobody, {
    ...server,
    logger: logger ?? false,
    listen: false,
    ...(tls && { tls }),
  });
  await checked.close({ grace: 0 });
  const { logger: _logger, ...limits } = defaults;
  const { listen: _listen, ...place } = listenDefaults;
  const all = { ...limits, ...place, ...server, ...settings, ...(given !== undefined && { tls: "(given)" }) };
  return JSON.parse(JSON.stringify(all, masked));
}
