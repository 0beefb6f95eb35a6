import MarkdownIt from "markdown-it";
import { escapeHtml, Html } from "../core/html.js";

/** A heading of a page, for the list of contents. */
export interface Heading {
  readonly id: string;
  readonly level: number;
  readonly text: string;
}

const renderer = new MarkdownIt({ html: false, linkify: false, typographer: false });
// A picture could be fetched from elsewhere, and a report loads nothing.
renderer.disable("image");
renderer.validateLink = (url) => /^(https?:|#|\.{0,2}\/|[\w-]+\.(html|ipynb))/i.test(url);

/**
 * Markdown as HTML, with an anchor on each heading. HTML inside the text is shown, not run; pictures stay text; links
 * lead to web pages and files beside the report only.
 *
 * @param text - Markdown
 * @param taken - ids that the page has already; new ones are added to it
 */
export function renderMarkdown(
  text: string,
  taken: Set<string> = new Set(),
): { readonly html: Html; readonly headings: readonly Heading[] } {
  const headings: Heading[] = [];
  const tokens = renderer.parse(text, {});
  for (const [i, token] of tokens.entries()) {
    if (token.type !== "heading_open") continue;
    const words = tokens[i + 1]?.content ?? "";
    const id = headingId(words, taken);
    token.attrSet("id", id);
    headings.push({ id, level: Number(token.tag.slice(1)), text: plainText(words) });
  }
  const body = renderer.renderer
    .render(tokens, renderer.options, {})
    .replace(
      /<h([2-6]) id="([^"]+)">(.*?)<\/h\1>/g,
      (_, level: string, id: string, inner: string) => {
        const anchor = `<a class="anchor" href="#${escapeHtml(id)}" aria-label="Link to this part">#</a>`;
        return `<h${level} id="${id}">${inner} ${anchor}</h${level}>`;
      },
    );
  return { html: new Html(body), headings };
}

function headingId(words: string, taken: Set<string>): string {
  const base =
    words
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "part";
  let id = base;
  for (let i = 2; taken.has(id); i++) id = `${base}-${i}`;
  taken.add(id);
  return id;
}

function plainText(words: string): string {
  return words.replace(/[*_`]/g, "");
}
