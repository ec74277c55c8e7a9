// The three-level service network: centres and stations, told apart by shape and size.
import { ApiError, features } from "../api.js";
import { toWorld } from "../geometry.js";
import { colour } from "../tokens.js";

const SIZES = { district_centre: 9, street_centre: 6.2, station: 3.2 };
export const FACILITY_LEVELS = ["district_centre", "street_centre", "station"];

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

  shown() {
    return this.view.get().on.has("facilities") ? [...this.byCode.values()] : [];
  }

  count(level) {
    return [...this.byCode.values()].filter(({ properties }) => properties.level === level).length;
  }

  get(code) {
    const found = this.byCode.get(code);
    if (!found) throw new ApiError(404, { error: { code: "not_found" } });
    return found;
  }

  // Those that serve the community, the greatest first.
  serving(community) {
    const serves = (one) => one.properties.serves.some(({ code }) => code === community);
    return [...this.byCode.values()].filter(serves).sort((a, b) => rank(b) - rank(a));
  }

  // The facility within `reach` screen pixels of a point, the nearest first.
  near(point, reach) {
    const inReach = this.shown().filter((one) => distance(one, point) < reach);
    return inReach.sort((a, b) => distance(a, point) - distance(b, point))[0] ?? null;
  }

  paint(sheet) {
    const { picked } = this.view.get();
    const factor = Math.min(2, Math.max(0.66, 0.66 + (sheet.zoom - 13) * 0.3));
    for (const one of this.shown().sort((a, b) => rank(a) - rank(b))) {
      const isPicked = picked?.kind === "facility" && picked.code === one.id;
      drawFacility(sheet.context, sheet.at(one), one.properties.level, { factor, isPicked });
    }
  }
}

function rank(facility) {
  return -FACILITY_LEVELS.indexOf(facility.properties.level);
}

function distance(one, point) {
  return Math.hypot(one.x - point.x, one.y - point.y);
}

// Also drawn in the legend.
export function drawFacility(context, { x, y }, level, { factor = 1, isPicked = false } = {}) {
  const size = SIZES[level] * factor;
  context.beginPath();
  OUTLINES[level](context, x, y, size);
  context.lineWidth = isPicked ? 7 : Math.min(2.4, size * 0.6);
  context.strokeStyle = isPicked ? colour("pick") : colour("surface");
  context.stroke();
  context.fillStyle = colour("facility");
  context.fill();
  if (level === "district_centre") dot(context, x, y, size * 0.4);
}

const OUTLINES = {
  station: (context, x, y, size) => context.rect(x - size, y - size, size * 2, size * 2),
  street_centre: diamond,
  district_centre: diamond,
};

function diamond(context, x, y, size) {
  context.moveTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.lineTo(x, y - size);
  context.closePath();
}

function dot(context, x, y, size) {
  context.beginPath();
  context.arc(x, y, size, 0, 2 * Math.PI);
  context.fillStyle = colour("surface");
  context.fill();
}
