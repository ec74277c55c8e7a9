// Where cases crowd, as heat: each square of the server's grid a soft blot, the sum of them coloured.
import { toWorld } from "../geometry.js";
import { colour } from "../tokens.js";

const BLOT_PX = 38;
const HEAT_TO_ZOOM = 15.5;
const SHADES = 256;

export class Heat {
  constructor(store, { changed }) {
    Object.assign(this, { store, changed, squares: [], canvas: document.createElement("canvas") });
  }

  // `squares`: where their cases lie in the mean, in degrees, and how many they are.
  set(squares) {
    this.squares = squares.map(({ lon, lat, count }) => ({ ...toWorld(lon, lat), count }));
    this.most = Math.max(1, ...this.squares.map(({ count }) => count));
    this.changed();
  }

  paint(sheet) {
    if (!this.store.get().hasHeat || sheet.zoom >= HEAT_TO_ZOOM || !this.squares.length) return;
    const { x: width, y: height } = sheet.size;
    Object.assign(this.canvas, { width, height });
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    for (const one of this.squares) blot(context, sheet.at(one), one.count / this.most);
    tint(context, width, height);
    sheet.context.drawImage(this.canvas, 0, 0, width, height);
  }
}

// The root keeps squares with few cases from vanishing beside one with many.
function blot(context, { x, y }, share) {
  const shade = context.createRadialGradient(x, y, 0, x, y, BLOT_PX);
  shade.addColorStop(0, `rgb(0 0 0 / ${0.15 + 0.5 * Math.sqrt(share)})`);
  shade.addColorStop(1, "rgb(0 0 0 / 0)");
  context.fillStyle = shade;
  context.fillRect(x - BLOT_PX, y - BLOT_PX, BLOT_PX * 2, BLOT_PX * 2);
}

// The darker the blots, the hotter the colour.
function tint(context, width, height) {
  const image = context.getImageData(0, 0, width, height);
  const ramp = shades();
  for (let at = 0; at < image.data.length; at += 4) {
    const alpha = image.data[at + 3];
    if (!alpha) continue;
    image.data.set(ramp.subarray(alpha * 4, alpha * 4 + 3), at);
    image.data[at + 3] = Math.min(215, alpha * 1.7);
  }
  context.putImageData(image, 0, 0);
}

let ramp = null;

function shades() {
  if (ramp) return ramp;
  const canvas = Object.assign(document.createElement("canvas"), { width: SHADES, height: 1 });
  const context = canvas.getContext("2d");
  const gradient = context.createLinearGradient(0, 0, SHADES, 0);
  ["heat-low", "heat-middle", "heat-high"].forEach((name, index) => gradient.addColorStop(index * 0.45, colour(name)));
  context.fillStyle = gradient;
  context.fillRect(0, 0, SHADES, 1);
  ramp = context.getImageData(0, 0, SHADES, 1).data;
  return ramp;
}
