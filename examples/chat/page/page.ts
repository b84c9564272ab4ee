import { createClient } from "@ws/client";
import type { chat } from "../contract.ts"; // the type alone: no schema is loaded by the page

const room = location.hash.slice(1) || "lobby";
const find = <T extends Element>(selector: string): T => document.querySelector(selector) as T;
const [form, log, status] = [find<HTMLFormElement>("form"), find("ol"), find("output")];
const [name, text] = [find<HTMLInputElement>("#name"), find<HTMLInputElement>("#text")];

const client = createClient<typeof chat>(`${location.origin.replace("http", "ws")}/chat/${room}/`);

client.onState(({ phase }) => {
  status.textContent = phase === "open" ? `in ${room}` : `${phase} …`;
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = { from: name.value, text: text.value };
  text.value = "";
  // Said once, however often the connection is lost meanwhile: that is what the key is for.
  client
    .request("say", message, { key: crypto.randomUUID() })
    .catch((error: Error) => show("Not sent", error.message));
});

function show(from: string, line: string): void {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("b"), { textContent: from }), ` ${line}`);
  log.append(item);
  item.scrollIntoView();
}

const onGap = (): void =>
  show("…", "Something may be missing here: the server no longer has what was said meanwhile.");
for await (const { from, text: line } of client.subscribe("said", { onGap })) show(from, line);
