import { STATUS_CODES } from "node:http";
import type { HeaderList } from "@ws/events";

/** The head of a response that ends its connection. RFC 9112 §4. */
export function responseHead(status: number, headers: HeaderList): string {
  const lines = headers.map(([name, value]) => `${name.toLowerCase()}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}connection: close\r\n\r\n`;
}
