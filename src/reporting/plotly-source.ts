import path from "node:path";

/** File of Plotly's browser build. It is read as text: loading it in Node fails, because it wants a window. */
export function plotlyPath(): string {
  const parts = ["..", "..", "node_modules", "plotly.js-dist-min", "plotly.min.js"];
  return path.join(__dirname, ...parts);
}
