import type { AsyncApiDocument, DocumentChannel, Message, Operation, Reference } from "./document.js";
import { style } from "./html-style.js";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML that is safe to put into a page. Only `html` makes it. */
class Safe {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Safe | string | number | readonly Part[] | undefined;

function safe(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Safe) return part.text;
  if (Array.isArray(part)) return part.map(safe).join("");
  return String(part).replaceAll(/[&<>"']/g, (character) => entities[character] as string);
}

/** A template that escapes every value, unless `html` has made it. */
function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Safe {
  return new Safe(String.raw({ raw: texts }, ...parts.map(safe)));
}

/** The last part of a pointer: the key of its target. */
function keyOf({ $ref }: Reference): string {
  return $ref.slice($ref.lastIndexOf("/") + 1);
}

/** A value as indented JSON, in which each pointer to a schema of the document is a link. */
function shown(value: unknown): Safe {
  const pieces = JSON.stringify(value, null, 2).split(/("#\/components\/schemas\/[^"]*")/);
  const parts = pieces.map((piece, index) => {
    // The key is the first part after the prefix. What follows it is inside that schema.
    const key = piece.slice(1, -1).split("/")[3];
    return index % 2 === 0 ? piece : html`<a href="#schema-${key}">${piece}</a>`;
  });
  return html`<pre tabindex="0"><code>${parts}</code></pre>`;
}

function messageBlock(message: Message | undefined, label: string): Safe | undefined {
  if (message === undefined) return undefined;
  const { name, title, summary, contentType, payload } = message;
  const full = title === undefined ? name : `${name} · ${title}`;
  return html`<details><summary><span class="label">${label}</span> <code>${full}</code></summary>
${summary && html`<p>${summary}</p>`}${contentType === "application/json" ? undefined : html`<p>${contentType}</p>`}
${shown(payload)}</details>`;
}

function operationBlock(
  key: string,
  { action, title, messages, reply }: Operation,
  channel: DocumentChannel,
): Safe {
  const find = (reference: Reference): Message | undefined => channel.messages[keyOf(reference)];
  const road = action === "receive" ? "client → server" : "server → client";
  return html`<section class="operation" id="operation-${key}"><h4><span class="road ${action}">${road}</span> ${title}</h4>
${messages.map((each) => messageBlock(find(each), "message"))}
${reply?.messages.map((each) => messageBlock(find(each), "reply"))}</section>`;
}

function table(heads: readonly string[], rows: readonly (readonly Part[])[]): Safe {
  return html`<div class="scroll" tabindex="0"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

function channelBlock(
  key: string,
  channel: DocumentChannel,
  operations: AsyncApiDocument["operations"],
): Safe {
  const { address, description, parameters = {}, "x-close-codes": closes, "x-error-codes": errors } = channel;
  const own = Object.entries(operations).filter(([, operation]) => keyOf(operation.channel) === key);
  const params = Object.entries(parameters).map(([name, each]) => [
    html`<code>${name}</code>`,
    each.description,
  ]);
  return html`<section class="channel" id="channel-${key}"><h3><code>${address}</code></h3>
<p>${description}</p>
${params.length > 0 ? table(["parameter", "is"], params) : undefined}
${own.map(([name, operation]) => operationBlock(name, operation, channel))}
${
  errors &&
  html`<details><summary>Error codes</summary>${table(
    ["code", "name"],
    Object.entries(errors).map(([name, code]) => [code, name]),
  )}</details>`
}
${
  closes &&
  html`<details><summary>Close codes</summary>${table(
    ["code", "what it says", "what a client does"],
    closes.map(({ code, kind, client }) => [code, kind, verdicts[client]]),
  )}</details>`
}
</section>`;
}

const verdicts = {
  retry: "connects again",
  token: "connects again with a new token",
  stop: "stays closed",
} as const;

/**
 * One page for a document that `asyncapi` made. It has no script and loads nothing, is readable at a width of 360 px, and is
 * light or dark as the reader's system is. Every text of the document is escaped.
 */
export function asyncapiHtml(document: AsyncApiDocument): string {
  const { info, servers = {}, channels, operations, components } = document;
  const places = Object.entries(servers).map(([name, { protocol, host, pathname = "", description }]) => [
    name,
    html`<code>${protocol}://${host}${pathname}</code>`,
    description,
  ]);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${info.title} ${info.version}</title>
<style>${new Safe(style)}</style>
</head>
<body>
<header><h1>${info.title}</h1><p class="version">${info.version} · AsyncAPI ${document.asyncapi}</p>
${info.description && html`<p>${info.description}</p>`}</header>
<main>
${places.length > 0 ? html`<h2>Servers</h2>${table(["name", "address", "about"], places)}` : undefined}
<h2>Channels</h2>
<nav aria-label="Channels"><ul>${Object.entries(channels).map(([key, { address }]) => html`<li><a href="#channel-${key}"><code>${address}</code></a></li>`)}</ul></nav>
${Object.entries(channels).map(([key, channel]) => channelBlock(key, channel, operations))}
<h2>Schemas</h2>
${Object.entries(components.schemas).map(([key, schema]) => html`<section class="schema" id="schema-${key}"><h3><code>${key}</code></h3>${shown(schema)}</section>`)}
</main>
</body>
</html>
`.text;
}
