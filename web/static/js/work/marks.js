// What is put on the map: places to be visited, cases by the time that is left, and where the phone is. Sizes are screen pixels.
import { toWorld } from "../geometry.js";
import { colour, font } from "../tokens.js";
import { drawLeft } from "../desk/signs.js";
import { leftOf } from "../desk/time.js";

const PIN_PX = 11;
const PLACE_PX = 9;
const HERE_PX = 9;
const METRES_AT_20 = 0.149_291; // that a pixel of zoom 20 is wide at the equator

// `number` is its place in the walk; null: none.
export function drawCase(sheet, row, { isPicked = false, number = null } = {}) {
  const { context } = sheet;
  const at = sheet.at(toWorld(row.lon, row.lat));
  const radius = isPicked ? PIN_PX + 3 : PIN_PX;
  if (isPicked) ring(context, at, radius + 6, colour("pick"), 4);
  drawLeft(context, at, leftOf(row), radius);
  if (number !== null) badge(context, { x: at.x + radius, y: at.y - radius }, String(number));
}

// A place that must be visited: filled when its day has come.
export function drawPlace(sheet, { lon, lat, days_over: over }) {
  const { context } = sheet;
  const { x, y } = sheet.at(toWorld(lon, lat));
  context.beginPath();
  for (const [across, down] of [[0, -1], [1, 0], [0, 1], [-1, 0]]) context.lineTo(x + across * PLACE_PX, y + down * PLACE_PX);
  context.closePath();
  Object.assign(context, { fillStyle: colour(over >= 0 ? "left-soon" : "surface"), strokeStyle: colour("left-ink-soon"), lineWidth: 2 });
  context.fill();
  context.stroke();
}

// Where the phone is, and how exact that is.
export function drawHere(sheet, { lon, lat, accuracy_m: accuracy }) {
  const { context } = sheet;
  const at = sheet.at(toWorld(lon, lat));
  const metresPerPixel = (METRES_AT_20 * Math.cos((lat * Math.PI) / 180)) / sheet.scale;
  const radius = Math.max(accuracy / metresPerPixel, HERE_PX);
  disc(context, at, radius, colour("pick"), 0.16);
  ring(context, at, radius, colour("pick"), 1.5);
  disc(context, at, HERE_PX, colour("surface"));
  disc(context, at, HERE_PX - 2.5, colour("pick"));
}

export function square(context, { x, y }, half, fill) {
  Object.assign(context, { fillStyle: fill, strokeStyle: colour("surface"), lineWidth: 2 });
  context.fillRect(x - half, y - half, 2 * half, 2 * half);
  context.strokeRect(x - half, y - half, 2 * half, 2 * half);
}

function badge(context, at, text) {
  disc(context, at, 9, colour("surface"));
  ring(context, at, 9, colour("ink"), 1.5);
  Object.assign(context, { font: font(12, 700), textAlign: "center", textBaseline: "middle", fillStyle: colour("ink") });
  context.fillText(text, at.x, at.y + 0.5);
}

function disc(context, { x, y }, radius, fill, alpha = 1) {
  context.globalAlpha = alpha;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.globalAlpha = 1;
}

function ring(context, { x, y }, radius, stroke, width) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  Object.assign(context, { strokeStyle: stroke, lineWidth: width });
  context.stroke();
}
