// How the ground that the phone keeps is drawn: landmarks, streets, neighbouring cells pale, the worker's own strong, stations.
import { anchorOf, shapeOf, toWorld, union } from "../geometry.js";
import { colour, font } from "../tokens.js";
import { square } from "./marks.js";

const MAIN = ["motorway", "trunk", "primary", "secondary"];
const SMALL = ["service", "pedestrian", "footway", "path", "track", "steps", "cycleway"];
const WIDTH = { main: 9, plain: 6, small: 3 }; // pixels at zoom 17
const NAMES_FROM = 16.5;
const STATION_PX = { station: 7, street_centre: 9, district_centre: 10 };
const LINE_PX = 9; // half of the height that a name takes
const GAP_PX = 3;

export class Drawing {
  constructor({ cells, neighbours, streets, landmarks, stations }) {
    this.own = cells.map((cell) => named(cell));
    this.neighbours = neighbours.map((cell) => named(cell));
    this.landmarks = landmarks.map((one) => ({ ...shapeOf(one.geometry), kind: one.properties.kind }));
    this.streets = streetsBySize(streets);
    this.stations = stations.map(({ geometry, properties }) => ({ ...toWorld(...geometry.coordinates), ...properties }));
  }

  ground(sheet) {
    const { context, size } = sheet;
    context.fillStyle = colour("ground");
    context.fillRect(0, 0, size.x, size.y);
    for (const one of this.landmarks) landmark(sheet, one);
    sheet.fill(union(this.own), colour("primary-soft"), 0.55);
    this._streets(sheet);
    for (const cell of this.neighbours) sheet.stroke(cell.path, colour("cell-border"), 1.5, { dash: [6, 5] });
    for (const cell of this.own) sheet.stroke(cell.path, colour("primary"), 4);
    this._names(sheet);
    for (const station of this.stations) this._station(sheet, station);
  }

  _streets(sheet) {
    const grow = 2 ** (sheet.zoom - 17);
    for (const isEdge of [true, false]) {
      for (const [name, path] of Object.entries(this.streets.sizes)) {
        const style = `street${name === "main" ? "-main" : ""}${isEdge ? "-edge" : ""}`;
        sheet.stroke(path, colour(style), Math.max(1, WIDTH[name] * grow) + (isEdge ? 2 : 0));
      }
    }
  }

  // Own cells by name, neighbours by the end of their code, streets once each; none over another.
  _names(sheet) {
    const taken = [];
    for (const cell of this.own) write(sheet, cell.name, anchorOf(cell), { font: font(14, 700), ink: colour("label") }, taken);
    if (sheet.zoom >= NAMES_FROM - 1) for (const cell of this.neighbours) write(sheet, cell.code.slice(12), anchorOf(cell), { font: font(12, 600), ink: colour("label-soft") }, taken);
    if (sheet.zoom >= NAMES_FROM) for (const { name, at } of this.streets.named) write(sheet, name, at, { font: font(12), ink: colour("label-soft") }, taken);
  }

  _station(sheet, station) {
    const at = sheet.at(station);
    square(sheet.context, at, STATION_PX[station.level], colour("facility"));
    if (sheet.zoom >= NAMES_FROM - 1) write(sheet, station.name, station, { font: font(12, 600), ink: colour("facility"), below: 19 }, []);
  }
}

function named({ geometry, properties }) {
  return { ...shapeOf(geometry), code: properties.code, name: properties.name };
}

// Paths by their size, and each name once, in the middle of its longest piece.
function streetsBySize({ nodes, edges }) {
  const sizes = { small: new Path2D(), plain: new Path2D(), main: new Path2D() };
  const longest = new Map();
  for (const [, from, to, length, kind, name, between] of edges) {
    const line = [nodes[from], ...between, nodes[to]].map((point) => toWorld(...point));
    sizes[sizeOf(kind)].addPath(pathOf(line));
    if (name && length > (longest.get(name)?.length ?? 0)) longest.set(name, { length, name, at: line[line.length >> 1] ?? line[0] });
  }
  return { sizes, named: [...longest.values()] };
}

function sizeOf(kind) {
  const plain = kind.replace(/_link$/, "");
  if (MAIN.includes(plain)) return "main";
  return SMALL.includes(plain) ? "small" : "plain";
}

function pathOf(line) {
  const path = new Path2D();
  line.forEach(({ x, y }, index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
  return path;
}

function landmark(sheet, { kind, path, isArea }) {
  const name = kind === "water" ? "water" : kind === "railway" ? "railway" : "park";
  if (isArea) sheet.fill(path, colour(name));
  else sheet.stroke(path, colour(name), kind === "railway" ? 2 : 5, { dash: kind === "railway" ? [8, 4] : [] });
}

// At its place, unless something is written there already.
function write(sheet, text, world, { font: used, ink, below = 0 }, taken) {
  const { context } = sheet;
  const { x, y } = sheet.at(world);
  Object.assign(context, { font: used, textAlign: "center", textBaseline: "middle", lineJoin: "round" });
  const half = context.measureText(text).width / 2 + GAP_PX;
  const box = { left: x - half, right: x + half, top: y + below - LINE_PX, bottom: y + below + LINE_PX };
  if (taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top)) return;
  taken.push(box);
  Object.assign(context, { strokeStyle: colour("label-halo"), lineWidth: 3.5, fillStyle: ink });
  context.strokeText(text, x, y + below);
  context.fillText(text, x, y + below);
}
