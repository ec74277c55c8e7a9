// Names on the map: greater ones first, none over another, none wider than its area has room for.
import { anchorOf } from "../geometry.js";
import { nameOf } from "../i18n.js";
import { colour, font } from "../tokens.js";

const LEVELS = {
  street: { from: 11, to: 15.5, px: (zoom) => (zoom < 13 ? 12 : 14), weight: 700, ink: "label", room: 1.6 },
  community: { from: 13.5, to: 17, px: (zoom) => (zoom < 15 ? 11 : 13), weight: 500, ink: "label", room: 1.15 },
  cell: { from: 15.5, to: 20, px: () => 11, weight: 400, ink: "label-soft", room: 0.9 },
};
const GAP = 4;

export class Labels {
  constructor(ground) {
    this.ground = ground;
    this.widths = new Map();
  }

  paint(sheet) {
    const taken = [];
    const { context } = sheet;
    Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    for (const kind of ["street", "community", "cell"]) this._paintLevel(sheet, kind, taken);
  }

  _paintLevel(sheet, kind, taken) {
    const level = LEVELS[kind];
    if (sheet.zoom < level.from || sheet.zoom > level.to || (kind === "cell" && !this.ground.hasCells())) return;
    const style = { px: level.px(sheet.zoom), ink: colour(level.ink) };
    style.font = font(style.px, level.weight);
    for (const shape of this.ground.all(kind)) this._paintName(sheet, shape, { ...style, room: level.room }, taken);
  }

  _paintName(sheet, shape, style, taken) {
    const text = shape.kind === "cell" ? shape.id.slice(12) : shorten(nameOf(shape.properties));
    const { x, y } = sheet.at(anchorOf(shape));
    const width = this._width(sheet.context, text, style.font);
    const room = (shape.box.maxX - shape.box.minX) * sheet.scale * style.room;
    const box = { left: x - width / 2 - GAP, right: x + width / 2 + GAP, top: y - style.px, bottom: y + style.px };
    if (width > room || isOutside(box, sheet.size) || taken.some((other) => collides(box, other))) return;
    taken.push(box);
    write(sheet.context, text, x, y, style);
  }

  _width(context, text, used) {
    const key = `${used}|${text}`;
    context.font = used;
    if (!this.widths.has(key)) this.widths.set(key, context.measureText(text).width);
    return this.widths.get(key);
  }
}

// "柳荫社区" needs no "社区" on a map of communities, nor "柳荫街道" its "街道".
function shorten(name) {
  return name.length > 3 ? name.replace(/(社区|街道|地区|居委会)$/, "") : name;
}

function write(context, text, x, y, { font: used, ink }) {
  context.font = used;
  context.strokeStyle = colour("label-halo");
  context.lineWidth = 3.5;
  context.globalAlpha = 0.85;
  context.strokeText(text, x, y);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function collides(a, b) {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

function isOutside(box, size) {
  return box.right < 0 || box.left > size.x || box.bottom < 0 || box.top > size.y;
}
