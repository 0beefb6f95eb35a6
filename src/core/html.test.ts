import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeHtml, Html, html, scriptJson } from "./html.js";

test("what is put into a template cannot open a tag or end an attribute", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const safe = escapeHtml(text);
      expect(html`<p title="${text}">${text}</p>`.text).toBe(`<p title="${safe}">${safe}</p>`);
      expect(safe).not.toMatch(/[<>"']/);
    }),
    { seed: 1 },
  );
});

test("HTML stays HTML, lists are joined, absent parts leave nothing", () => {
  const bold = html`<b>${"a & b"}</b>`;
  expect(html`${[bold, bold]}${undefined}${7}`.text).toBe("<b>a &amp; b</b><b>a &amp; b</b>7");
  expect(new Html("<i>").text).toBe("<i>");
});

test("JSON inside a script element comes back equal and never ends the element", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(scriptJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 1 },
  );
  expect(scriptJson({ a: "</script><!--<script>\u2028" })).not.toMatch(/<|\u2028/);
});
