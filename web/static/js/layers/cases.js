// Cases on the map: heat or clusters from afar, a sign for each from close up. The sign says how much time is left.
import { toWorld } from "../geometry.js";
import { colour, font } from "../tokens.js";
import { drawLeft, LEFT } from "../desk/signs.js";
import { leftOf } from "../desk/time.js";

const SINGLE_FROM_ZOOM = 15.5;
const CLUSTER_PX = 58;
const TAU = 2 * Math.PI;

export class Cases {
  // `store` says which are picked, focused or marked, and whether heat is wanted.
  constructor(store, { changed }) {
    Object.assign(this, { store, changed, byId: new Map(), clusters: new Map() });
  }

  set(points) {
    this.byId = new Map(points.map((one) => [one.id, { ...one, ...toWorld(one.lon, one.lat) }]));
    this.clusters.clear();
    this.changed();
  }

  find(id) {
    return this.byId.get(id);
  }

  all() {
    return [...this.byId.values()];
  }

  // { one } or { many } within `reach` of a point, or null.
  near(point, reach, zoom) {
    const group = nearest(this._groups(zoom), point, reach * 2);
    if (group && group.members.length > 1) return { many: group.members };
    const one = nearest(this.all(), point, reach);
    return one && !this._groupOf(one, zoom) ? { one } : null;
  }

  _groupOf(one, zoom) {
    return this._groups(zoom).some(({ members }) => members.length > 1 && members.includes(one));
  }

  // Groups of what would lie over each other; from close up none.
  _groups(zoom) {
    if (zoom >= SINGLE_FROM_ZOOM) return [];
    const key = Math.round(zoom * 4);
    if (!this.clusters.has(key)) this.clusters.set(key, grouped(this.byId.values(), CLUSTER_PX * 2 ** (20 - zoom)));
    return this.clusters.get(key);
  }

  paint(sheet) {
    const { hasHeat } = this.store.get();
    const isClose = sheet.zoom >= SINGLE_FROM_ZOOM;
    if (isClose) this._paintSingles(sheet, this.all());
    else if (!hasHeat) for (const group of this._groups(sheet.zoom)) this._paintGroup(sheet, group);
    this._paintChosen(sheet);
  }

  _paintGroup(sheet, { x, y, members }) {
    if (members.length === 1) this._paintSingles(sheet, members);
    else drawCluster(sheet.context, sheet.at({ x, y }), members);
  }

  // The most urgent on top.
  _paintSingles(sheet, points) {
    const radius = sheet.zoom >= SINGLE_FROM_ZOOM ? 7 : 5.5;
    for (const one of points.length > 1 ? byUrgency(points) : points) {
      const at = sheet.at(one);
      if (isOn(sheet, at)) drawLeft(sheet.context, at, leftOf(one), radius);
    }
  }

  _paintChosen(sheet) {
    const { picked, focused, marked } = this.store.get();
    for (const id of marked) this._ring(sheet, id, 9.5, 2);
    this._ring(sheet, focused, 11, 2);
    this._ring(sheet, picked, 13, 3.5);
  }

  _ring(sheet, id, radius, width) {
    const one = this.byId.get(id);
    if (!one) return;
    const at = sheet.at(one);
    const { context } = sheet;
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, TAU);
    context.lineWidth = width;
    context.strokeStyle = colour("pick");
    context.stroke();
    drawLeft(context, at, leftOf(one), 6.5);
  }
}

function nearest(things, point, reach) {
  let [best, least] = [null, reach];
  for (const one of things) {
    const away = Math.hypot(one.x - point.x, one.y - point.y);
    if (away < least) [best, least] = [one, away];
  }
  return best;
}

// By squares of `size`; a group lies in the middle of its members.
function grouped(points, size) {
  const squares = new Map();
  for (const one of points) {
    const key = `${Math.floor(one.x / size)}|${Math.floor(one.y / size)}`;
    if (!squares.has(key)) squares.set(key, []);
    squares.get(key).push(one);
  }
  const mean = (members, axis) => members.reduce((sum, one) => sum + one[axis], 0) / members.length;
  return [...squares.values()].map((members) => ({ members, x: mean(members, "x"), y: mean(members, "y") }));
}

function byUrgency(points) {
  const rank = ({ time_left: left }) => LEFT.indexOf(left);
  return [...points].sort((a, b) => rank(b) - rank(a));
}

function isOn(sheet, { x, y }) {
  return x > -12 && y > -12 && x < sheet.size.x + 12 && y < sheet.size.y + 12;
}

// A white disc with the count, its rim divided like the bars of the stages.
function drawCluster(context, at, members) {
  const radius = 11 + Math.min(11, Math.sqrt(members.length) * 0.9);
  disc(context, at, radius + 3, colour("surface"));
  let angle = -Math.PI / 2;
  for (const left of LEFT) {
    const share = members.filter((one) => leftOf(one) === left).length / members.length;
    if (share)
      angle = drawArc(context, at, radius, {
        angle,
        share,
        style: colour(left === "none" ? "left-edge-none" : `left-${left}`),
      });
  }
  Object.assign(context, { font: font(12, 650), fillStyle: colour("ink"), textAlign: "center", textBaseline: "middle" });
  context.fillText(
    members.length > 999 ? `${Math.round(members.length / 100) / 10}k` : String(members.length),
    at.x,
    at.y + 0.5,
  );
}

function drawArc(context, { x, y }, radius, { angle, share, style }) {
  const end = angle + share * TAU;
  context.beginPath();
  context.arc(x, y, radius, angle, end);
  context.lineWidth = 4.5;
  context.strokeStyle = style;
  context.stroke();
  return end;
}

function disc(context, { x, y }, radius, style) {
  context.beginPath();
  context.arc(x, y, radius, 0, TAU);
  context.globalAlpha = 0.95;
  context.fillStyle = style;
  context.fill();
  context.globalAlpha = 1;
}
