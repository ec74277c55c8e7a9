// A drawing of the worker's cells and their streets: walked today, walked this week, not yet. Width, dashes and colour all say it.
import { h } from "../dom.js";
import { t } from "../i18n.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 340;
const HIGH = 200;
const EDGE = 8;
const WORDS = { today: () => t("Walked today"), week: () => t("Walked this week"), open: () => t("Not yet") };

export function sketchOf(bundle, walked) {
  const place = placing(bundle.cells);
  const looks = new Map();
  for (const look of Object.keys(WORDS).reverse()) for (const id of walked[`edges_${look}`]) looks.set(id, look);
  const lines = { open: "", week: "", today: "" };
  for (const edge of bundle.streets.edges) if (looks.has(edge[0])) lines[looks.get(edge[0])] += lineOf(edge, bundle.streets.nodes, place);
  const svg = drawn("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "sketch", role: "img", "aria-label": t("The streets of your cells") });
  for (const cell of bundle.cells) svg.append(drawn("path", { class: "sketch-cell", d: outline(cell.geometry, place) }));
  for (const [name, d] of Object.entries(lines)) svg.append(drawn("path", { class: `sketch-street is-${name}`, d }));
  return h("figure", { class: "sketch-box" }, svg, h("figcaption", { class: "sketch-legend" }, Object.keys(WORDS).map(sample)));
}

function sample(name) {
  const svg = drawn("svg", { viewBox: "0 0 28 8", "aria-hidden": "true" });
  svg.append(drawn("path", { class: `sketch-street is-${name}`, d: "M2 4H26" }));
  return h("span", {}, svg, WORDS[name]());
}

function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// From degrees to the drawing: the cells fill it, north is up.
function placing(cells) {
  const points = cells.flatMap(({ geometry }) => rings(geometry)).flat();
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  const [west, south, east, north] = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  const narrow = Math.cos((south * Math.PI) / 180);
  const scale = Math.min((WIDE - 2 * EDGE) / ((east - west) * narrow), (HIGH - 2 * EDGE) / (north - south));
  const left = (WIDE - (east - west) * narrow * scale) / 2;
  const top = (HIGH - (north - south) * scale) / 2;
  return ([lon, lat]) => `${(left + (lon - west) * narrow * scale).toFixed(1)} ${(top + (north - lat) * scale).toFixed(1)}`;
}

function rings({ type, coordinates }) {
  return type === "Polygon" ? coordinates : coordinates.flat();
}

function outline(geometry, place) {
  return rings(geometry).map((ring) => `M${ring.map(place).join("L")}Z`).join("");
}

function lineOf([, from, to, , , , inner], nodes, place) {
  return `M${[nodes[from], ...inner, nodes[to]].map(place).join("L")}`;
}
