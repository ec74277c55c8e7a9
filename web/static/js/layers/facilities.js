// The three-level service network: centres and stations, told apart by shape and size.
import { features } from "../api.js";
import { toWorld } from "../geometry.js";
import { colour } from "../tokens.js";

const SIZES = { district_centre: 9, street_centre: 7, station: 4.6 };
const ORDER = ["station", "street_centre", "district_centre"];

export class Facilities {
  constructor(view, { changed }) {
    Object.assign(this, { view, changed });
    this.byCode = new Map();
  }

  async start() {
    const page = await features("/api/facilities");
    for (const { id, geometry, properties } of page.features) {
      const [lon, lat] = geometry.coordinates;
      this.byCode.set(id, { id, lon, lat, ...toWorld(lon, lat), properties });
    }
    this.changed();
  }

  find(code) {
    return this.byCode.get(code);
  }

  // Those that serve the community, the greatest first.
  serving(community) {
    const serves = (one) => one.properties.serves.some(({ code }) => code === community);
    return [...this.byCode.values()].filter(serves).sort((a, b) => rank(b) - rank(a));
  }

  // The facility within `reach` screen pixels of a point, the nearest first.
  near(point, reach) {
    if (!this.view.get().on.has("facilities")) return null;
    const inReach = [...this.byCode.values()].filter((one) => distance(one, point) < reach);
    return inReach.sort((a, b) => distance(a, point) - distance(b, point))[0] ?? null;
  }

  paint(sheet) {
    if (!this.view.get().on.has("facilities")) return;
    const { picked } = this.view.get();
    const factor = Math.min(1.7, Math.max(0.75, 1 + (sheet.zoom - 14) * 0.2));
    for (const one of [...this.byCode.values()].sort((a, b) => rank(a) - rank(b))) {
      const isPicked = picked?.kind === "facility" && picked.code === one.id;
      drawFacility(sheet.context, sheet.at(one), one.properties.level, { factor, isPicked });
    }
  }
}

function rank(facility) {
  return ORDER.indexOf(facility.properties.level);
}

function distance(one, point) {
  return Math.hypot(one.x - point.x, one.y - point.y);
}

// Also drawn in the legend.
export function drawFacility(context, { x, y }, level, { factor = 1, isPicked = false } = {}) {
  const size = SIZES[level] * factor;
  context.beginPath();
  OUTLINES[level](context, x, y, size);
  context.lineWidth = isPicked ? 7 : 3;
  context.strokeStyle = isPicked ? colour("pick") : colour("surface");
  context.stroke();
  context.fillStyle = colour("facility");
  context.fill();
  if (level === "district_centre") dot(context, x, y, size * 0.42);
}

const OUTLINES = {
  station: (context, x, y, size) => context.arc(x, y, size, 0, 2 * Math.PI),
  street_centre: (context, x, y, size) => context.rect(x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7),
  district_centre: (context, x, y, size) => polygon(context, x, y, size * 1.15, 4),
};

function polygon(context, x, y, size, corners) {
  for (let i = 0; i < corners; i += 1) {
    const angle = (i / corners) * 2 * Math.PI;
    context.lineTo(x + size * Math.cos(angle), y + size * Math.sin(angle));
  }
  context.closePath();
}

function dot(context, x, y, size) {
  context.beginPath();
  context.arc(x, y, size, 0, 2 * Math.PI);
  context.fillStyle = colour("surface");
  context.fill();
}
