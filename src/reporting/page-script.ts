import { scriptJson } from "../core/html.js";
import { DARK_OF_LIGHT } from "../core/palette.js";

/** The page's own script: draws figures in the colours of the scheme, switches scheme, sorts tables, unfolds for print. */
export function pageScript(): string {
  return `
(() => {
  const root = document.documentElement;
  const media = matchMedia("(prefers-color-scheme: dark)");
  const darkOf = ${scriptJson(DARK_OF_LIGHT)};
  const isDark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : media.matches);

  const recolour = (value) => {
    if (typeof value === "string") {
      const dark = darkOf[value.slice(0, 7).toLowerCase()];
      return dark && value[0] === "#" ? dark + value.slice(7) : value;
    }
    if (Array.isArray(value)) {
      // A column of numbers holds no colours; a stop of a colour scale is a number and its colour.
      if (typeof value[0] === "number" && typeof value.at(-1) === "number") return value.slice();
      return value.map(recolour);
    }
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, recolour(inner)]));
  };
  const config = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d"] };
  const figures = [...document.querySelectorAll(".figure .live")].map((place) => ({
    place, spec: JSON.parse(document.getElementById(place.parentElement.id + "-data").textContent),
  }));
  for (const { place } of figures) place.style.minHeight = place.dataset.height + "px";
  const draw = ({ place, spec }) => {
    const { data, layout } = isDark() ? recolour(spec) : structuredClone(spec);
    return window.Plotly.react(place, data, layout, config);
  };
  const drawAll = async () => {
    for (const figure of figures) {
      try { await draw(figure); } catch (error) {
        figure.place.textContent = "This figure could not be drawn.";
        console.error(error);
      }
    }
    root.dataset.drawn = "true";
  };
  const button = document.querySelector("button.scheme");
  const nameButton = () => { button.textContent = isDark() ? "☀ Light" : "☾ Dark"; };
  button.addEventListener("click", () => {
    root.dataset.scheme = isDark() ? "light" : "dark";
    try { localStorage.setItem("tickbook-scheme", root.dataset.scheme); } catch {}
    nameButton();
    drawAll();
  });
  media.addEventListener("change", () => { nameButton(); drawAll(); });
  nameButton();
  drawAll();

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.querySelectorAll("th")];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const isUp = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
      const order = (a, b) => a - b || String(a).localeCompare(String(b), "en", { numeric: true });
      const rows = [...table.tBodies[0].rows].sort((a, b) => (isUp ? 1 : -1) * order(key(a), key(b)));
      table.tBodies[0].append(...rows);
    }));
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });
})();`;
}
