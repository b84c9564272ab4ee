/** What this module uses of markdown-it. */
// biome-ignore lint/suspicious/noExplicitAny: markdown-it's own arguments, which are passed on.
type Rule = (...given: any[]) => string;
interface Markdown {
  readonly renderer: { readonly rules: { fence?: Rule | undefined } };
}

/** A plugin for markdown-it: a block that a page calls `[server.ts]` is shown with that name above it. */
export function fileNames(md: Markdown): void {
  const fence = md.renderer.rules.fence;
  if (fence === undefined) return;
  md.renderer.rules.fence = (tokens, index, ...others) => {
    const name = /\[([\w./-]+\.ts)\]/.exec(tokens[index].info)?.[1];
    const title = name === undefined ? "" : `<div class="file-name">${name}</div>`;
    return title + fence(tokens, index, ...others);
  };
}
