// The map of an import's findings, drawn from the page's own data: no request leaves the page. Coordinates are degrees.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const POINT_PX = 7;
const MARGIN = 1.15;
const NARROWEST = 1e-5;
const STEPS = 8;

const { findings, outlines } = JSON.parse(document.getElementById("report").textContent);
const map = document.getElementById("map");
const squeeze = Math.cos(middleOf([...outlines, ...findings]) * Math.PI / 180);
const rows = [...document.querySelectorAll("[data-finding]")];
const marks = new Map();
let view = null;

function middleOf(things) {
  const souths = things.flatMap((thing) => (thing.shape ? rings(thing.shape)[0].map(([, lat]) => lat) : []));
  return souths.length ? (Math.min(...souths) + Math.max(...souths)) / 2 : 0;
}

function rings(shape) {
  const { type, coordinates } = shape;
  if (type === "Point") return [[coordinates]];
  if (type === "LineString") return [coordinates];
  return type === "Polygon" || type === "MultiLineString" ? coordinates : coordinates.flat();
}

const place = ([lon, lat]) => [lon * squeeze, -lat];

function extentOf(things) {
  const points = things.flatMap((thing) => rings(thing.shape).flat().map(place));
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [least(xs), least(ys), -least(xs.map((x) => -x)), -least(ys.map((y) => -y))];
}

function least(numbers) {
  return numbers.reduce((low, number) => Math.min(low, number), Infinity);
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function draw(shape, kind) {
  if (shape.type === "Point") {
    const [x, y] = place(shape.coordinates);
    return element("circle", { cx: x, cy: y, class: kind });
  }
  const close = shape.type.endsWith("Polygon") ? "Z" : "";
  const path = rings(shape).map((ring) => `M${ring.map((point) => place(point).join(" ")).join("L")}${close}`);
  return element("path", { d: path.join(""), class: kind, "fill-rule": "evenodd" });
}

function show([west, north, east, south]) {
  const box = map.getBoundingClientRect();
  const wide = Math.max((east - west) * MARGIN, (south - north) * MARGIN * (box.width / box.height), NARROWEST);
  const high = wide * (box.height / box.width);
  view = [(west + east - wide) / 2, (north + south - high) / 2, wide, high];
  apply();
}

function apply() {
  map.setAttribute("viewBox", view.join(" "));
  const perPixel = view[2] / map.getBoundingClientRect().width;
  for (const circle of map.querySelectorAll("circle")) circle.setAttribute("r", POINT_PX * perPixel);
}

function zoom(factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) {
  view = [x - (x - view[0]) * factor, y - (y - view[1]) * factor, view[2] * factor, view[3] * factor];
  apply();
}

// What is chosen in the list is shown on the map, and the other way round; the keyboard then goes on in the list.
function select(number, isFromList) {
  for (const row of rows) row.setAttribute("aria-pressed", String(Number(row.dataset.finding) === number));
  for (const [other, mark] of marks) mark.classList.toggle("selected", other === number);
  const mark = marks.get(number);
  if (mark) mark.parentNode.append(mark);
  if (isFromList) {
    if (mark) show(around(findings[number]));
    return;
  }
  rows[number].focus({ preventScroll: true });
  rows[number].scrollIntoView({ block: "nearest" });
}

// Up and down in the list, past what is hidden.
function step(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const seen = rows.filter((row) => !row.parentNode.hidden);
  const next = seen[seen.indexOf(event.currentTarget) + by];
  if (!next) return;
  next.focus();
  select(Number(next.dataset.finding), true);
}

function steer(event) {
  const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  const factor = { "+": 0.5, "=": 0.5, "-": 2 }[event.key];
  if (!x && !y && !factor) return;
  event.preventDefault();
  if (factor) return zoom(factor);
  view = [view[0] + (x * view[2]) / STEPS, view[1] + (y * view[3]) / STEPS, view[2], view[3]];
  apply();
}

// The same ground stays in the middle where the page becomes wider or narrower.
function refit() {
  const box = map.getBoundingClientRect();
  if (!box.width || !box.height) return;
  const high = view[2] * (box.height / box.width);
  view = [view[0], view[1] + (view[3] - high) / 2, view[2], high];
  apply();
}

// A finding is shown with as much ground around it as it has itself, a point with some hundred metres.
function around(finding) {
  const [west, north, east, south] = extentOf([finding]);
  const more = Math.max(east - west, south - north, 0.002);
  return [west - more, north - more, east + more, south + more];
}

function drag(event) {
  if (event.buttons !== 1) return;
  const perPixel = view[2] / map.getBoundingClientRect().width;
  view = [view[0] - event.movementX * perPixel, view[1] - event.movementY * perPixel, view[2], view[3]];
  apply();
}

function wheel(event) {
  event.preventDefault();
  const box = map.getBoundingClientRect();
  const x = view[0] + ((event.clientX - box.left) / box.width) * view[2];
  const y = view[1] + ((event.clientY - box.top) / box.height) * view[3];
  zoom(event.deltaY > 0 ? 1.25 : 0.8, x, y);
}

function filter() {
  const hidden = new Set([...document.querySelectorAll("[data-check]:not(:checked)")].map((box) => box.dataset.check));
  for (const [number, finding] of findings.entries()) {
    rows[number].parentNode.hidden = hidden.has(finding.check);
    const mark = marks.get(number);
    if (mark) mark.toggleAttribute("hidden", hidden.has(finding.check));
  }
}

function begin() {
  for (const outline of outlines) map.append(draw(outline.shape, outline.kind));
  for (const [number, finding] of findings.entries()) {
    if (!finding.shape) continue;
    const mark = draw(finding.shape, `finding ${finding.severity}`);
    mark.addEventListener("click", () => select(number, false));
    marks.set(number, mark);
    map.append(mark);
  }
  for (const row of rows) {
    row.addEventListener("click", () => select(Number(row.dataset.finding), true));
    row.addEventListener("keydown", step);
  }
  for (const box of document.querySelectorAll("[data-check]")) box.addEventListener("change", filter);
  const drawn = [...outlines, ...findings.filter((finding) => finding.shape)];
  document.getElementById("nowhere").hidden = drawn.length > 0;
  if (!drawn.length) return;
  const whole = extentOf(drawn);
  show(whole);
  map.addEventListener("pointermove", drag);
  map.addEventListener("wheel", wheel, { passive: false });
  map.addEventListener("keydown", steer);
  new ResizeObserver(refit).observe(map);
  document.getElementById("zoom-in").addEventListener("click", () => zoom(0.5));
  document.getElementById("zoom-out").addEventListener("click", () => zoom(2));
  document.getElementById("zoom-all").addEventListener("click", () => show(whole));
}

begin();
