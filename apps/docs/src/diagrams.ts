import { renderMermaidSVG } from "beautiful-mermaid";

/** What this module uses of markdown-it. */
// biome-ignore lint/suspicious/noExplicitAny: markdown-it's own arguments, which are passed on.
type Rule = (...given: any[]) => string;
interface Markdown {
  readonly renderer: { readonly rules: { fence?: Rule | undefined } };
}

/** The SVG of a diagram in Mermaid. Its colours are those of `.diagram` in site.css, so that they follow the theme. */
function diagram(mermaid: string): string {
  const svg = renderMermaidSVG(mermaid, { padding: 2, layerSpacing: 20 });
  // A template of Vue takes no style sheet, and this one would load a font from somebody else.
  return svg.replace(/<style>[\s\S]*?<\/style>/, "").replace(/ style="--bg:[^"]*"/, "");
}

/** A plugin for markdown-it: a block in Mermaid is shown as the diagram that it describes, drawn when the site is built. */
export function diagrams(md: Markdown): void {
  const fence = md.renderer.rules.fence;
  if (fence === undefined) return;
  md.renderer.rules.fence = (tokens, index, ...others) => {
    const { info, content } = tokens[index];
    if (info.trim() !== "mermaid") return fence(tokens, index, ...others);
    return `<figure class="diagram" v-pre>${diagram(content)}</figure>`;
  };
}
