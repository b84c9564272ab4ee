import type { Application } from "@ws/events";
import { defaults, listenDefaults, serve } from "@ws/server";
import type { Loaded } from "../load/load-settings.js";
import { readCertificate } from "./certificate.js";

/** An application whose start-up does nothing, because the user's own application is not started here. */
const nobody: Application = async (_scope, receive, send) => {
  await receive();
  await send({ type: "lifespan.startup.complete" });
  await receive();
  await send({ type: "lifespan.shutdown.complete" });
};

/** Hides the parts of an option that must not be shown, such as a password in an address. */
function masked(_key: string, value: unknown): unknown {
  if (typeof value === "function") return "(a function)";
  if (value === Number.POSITIVE_INFINITY) return "unlimited";
  return typeof value === "string" ? value.replace(/(:\/\/[^/@\s:]*:)[^/@\s]*@/g, "$1***@") : value;
}

/**
 * All options in a form that can be printed, without keys and passwords.
 *
 * @throws {TypeError} for an option that `serve` refuses, and Node's own error for an invalid certificate.
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
