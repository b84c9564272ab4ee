import { type HeaderList, headerValues } from "@ws/events";

const space = " ";
const tab = "\t";

/**
 * The text without the optional white space around it, RFC 9110 §5.6.3. `trim` would also remove other characters, such as
 * the no-break space of latin-1.
 */
function withoutPadding(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === space || text[start] === tab) start += 1;
  while (end > start && (text[end - 1] === space || text[end - 1] === tab)) end -= 1;
  return text.slice(start, end);
}

/**
 * The items of the comma-separated header `name` (in lower case), from all of its lines, in order. Empty items are included.
 */
export function headerItems(headers: HeaderList, name: string): string[] {
  const items: string[] = [];
  for (const value of headerValues(headers, name)) {
    if (!value.includes(",")) items.push(withoutPadding(value));
    else for (const item of value.split(",")) items.push(withoutPadding(item));
  }
  return items;
}
