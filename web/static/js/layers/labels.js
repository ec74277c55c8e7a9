// Names on the map: greater ones first, none over another, none wider than its area has room for.
import { anchorOf } from "../geometry.js";
import { nameOf } from "../i18n.js";
import { colour, font } from "../tokens.js";

const LEVELS = {
  street: { from: 11, to: 15.5, px: (zoom) => (zoom < 13 ? 12 : 15), weight: 700, ink: "label", room: 1.6 },
  community: { from: 14.25, to: 17, px: (zoom) => (zoom < 15 ? 11 : 13), weight: 500, ink: "label", room: 1.15 },
  cell: { from: 15.5, to: 20, px: () => 11, weight: 400, ink: "label-soft", room: 0.9 },
};
const LANDMARKS = { from: 14.5, to: 20, weight: 400, room: 1.1 };
const FACILITIES = { from: { district_centre: 15, street_centre: 15, station: 17 }, weight: 500 };
const GAP = 4;
const SHIFTS = [0, 1.3, -1.3]; // of the height of a name

// `facilities` may be null: none are shown.
export class Labels {
  constructor(ground, facilities) {
    Object.assign(this, { ground, facilities });
    this.widths = new Map();
  }

  // The names of streets lie over everything.
  paintStreets(sheet) {
    prepare(sheet.context);
    this._paintLevel(sheet, "street", this._centres(sheet));
  }

  // All others lie below the incidents and leave room for the names of streets.
  paint(sheet) {
    prepare(sheet.context);
    const taken = this._centres(sheet);
    this._paintLevel(sheet, "street", taken, { isReserved: true });
    this._paintLevel(sheet, "community", taken);
    this._paintFacilities(sheet, taken);
    this._paintLandmarks(sheet, taken);
    this._paintLevel(sheet, "cell", taken);
  }

  _facilities() {
    return this.facilities?.shown() ?? [];
  }

  // Where no name may lie: the signs of the centres.
  _centres(sheet) {
    const centres = this._facilities().filter(({ properties }) => properties.level !== "station");
    return centres.map((one) => around(sheet.at(one), 7, 7));
  }

  _paintFacilities(sheet, taken) {
    const style = { px: 12, font: font(12, FACILITIES.weight), ink: colour("facility") };
    for (const one of this._facilities()) {
      if (sheet.zoom < FACILITIES.from[one.properties.level]) continue;
      const { x, y } = sheet.at(one);
      this._paintText(sheet, one.properties.name, { x, y: y + 18 }, style, taken);
    }
  }

  _paintLandmarks(sheet, taken) {
    if (sheet.zoom < LANDMARKS.from) return;
    const style = { px: 12, font: `italic ${font(12, LANDMARKS.weight)}`, room: LANDMARKS.room };
    for (const shape of this.ground.all("landmark").filter(({ properties, isArea }) => properties.name && isArea)) {
      const ink = colour(`label-${this.ground.signOf(shape)}`);
      this._paintName(sheet, shape, { ...style, ink }, taken);
    }
  }

  _paintLevel(sheet, kind, taken, { isReserved = false } = {}) {
    const level = LEVELS[kind];
    if (sheet.zoom < level.from || sheet.zoom > level.to || (kind === "cell" && !this.ground.hasCells())) return;
    const style = { px: level.px(sheet.zoom), ink: colour(level.ink), isReserved };
    style.font = font(style.px, level.weight);
    for (const shape of this.ground.all(kind)) this._paintName(sheet, shape, { ...style, room: level.room }, taken);
  }

  _paintName(sheet, shape, style, taken) {
    const text = shape.kind === "cell" ? shape.id.slice(12) : shorten(nameOf(shape.properties));
    const room = (shape.box.maxX - shape.box.minX) * sheet.scale * style.room;
    if (this._width(sheet.context, text, style.font) > room) return;
    this._paintText(sheet, text, sheet.at(anchorOf(shape)), style, taken);
  }

  // At its place, else a line below or above it, else not at all.
  _paintText(sheet, text, { x, y }, style, taken) {
    const half = this._width(sheet.context, text, style.font) / 2 + GAP;
    for (const shift of SHIFTS) {
      const at = { x, y: y + shift * style.px };
      const box = around(at, half, style.px * 0.75);
      if (isOutside(box, sheet.size) || taken.some((other) => collides(box, other))) continue;
      taken.push(box);
      if (!style.isReserved) write(sheet.context, text, at, style);
      return;
    }
  }

  _width(context, text, used) {
    const key = `${used}|${text}`;
    context.font = used;
    if (!this.widths.has(key)) this.widths.set(key, context.measureText(text).width);
    return this.widths.get(key);
  }
}

// "柳荫社区" needs no "社区" on a map of communities, nor "Liuyin Street" its "Street".
function shorten(name) {
  return name.length > 3 ? name.replace(/(社区|街道|地区|居委会| Community| Subdistrict| Street)$/, "") : name;
}

function prepare(context) {
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
}

function write(context, text, { x, y }, { font: used, ink }) {
  context.font = used;
  context.strokeStyle = colour("label-halo");
  context.lineWidth = 3.5;
  context.globalAlpha = 0.85;
  context.strokeText(text, x, y);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function around({ x, y }, width, height) {
  return { left: x - width, right: x + width, top: y - height, bottom: y + height };
}

function collides(a, b) {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

function isOutside(box, size) {
  return box.right < 0 || box.left > size.x || box.bottom < 0 || box.top > size.y;
}
