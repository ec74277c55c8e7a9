// Plane coordinates for drawing: Web Mercator pixels at zoom 20, relative to an origin near the ground, so that single
// precision is enough; y grows southwards. For drawing and pointing only, nothing is ever measured here.

const WORLD = 256 * 2 ** 20;
export const BASE_ZOOM = 20;
const origin = { x: 0, y: 0 };

export function setOrigin(lon, lat) {
  Object.assign(origin, mercator(lon, lat));
}

export function getOrigin() {
  return origin;
}

export function toWorld(lon, lat) {
  const { x, y } = mercator(lon, lat);
  return { x: x - origin.x, y: y - origin.y };
}

function mercator(lon, lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  const north = Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return { x: WORLD * (lon / 360 + 0.5), y: WORLD * (0.5 - north) };
}

// [[south, west], [north, east]] of GeoJSON features in degrees; null when none has a geometry.
export function boundsOf(features) {
  const places = features.filter((one) => one.geometry).flatMap((one) => one.geometry.coordinates.flat(2));
  if (!places.length) return null;
  const extreme = (pick, index) => places.reduce((best, place) => pick(best, place[index]), places[0][index]);
  return [[extreme(Math.min, 1), extreme(Math.min, 0)], [extreme(Math.max, 1), extreme(Math.max, 0)]];
}

export function middleOf([[south, west], [north, east]]) {
  return [(west + east) / 2, (south + north) / 2];
}

// A shape that can be drawn and pointed at: { path, rings, box, isArea }.
export function shapeOf(geometry) {
  const rings = ringsOf(geometry).map(project);
  const isArea = geometry.type.endsWith("Polygon");
  return { rings, isArea, path: pathOf(rings, isArea), box: boxOf(rings) };
}

// Outer rings run one way and holes the other, so that many shapes filled at once give their union.
function ringsOf({ type, coordinates }) {
  if (type === "Polygon") return coordinates.map(oriented);
  if (type === "MultiPolygon") return coordinates.flatMap((polygon) => polygon.map(oriented));
  return type === "MultiLineString" ? coordinates : [coordinates];
}

function oriented(ring, index) {
  return signedArea(ring) > 0 === (index === 0) ? ring : [...ring].reverse();
}

function signedArea(ring) {
  let sum = 0;
  for (let i = 1; i < ring.length; i += 1) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return sum;
}

function project(ring) {
  return ring.map(([lon, lat]) => toWorld(lon, lat));
}

function pathOf(rings, isClosed) {
  const path = new Path2D();
  for (const ring of rings) {
    ring.forEach(({ x, y }, index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (isClosed) path.closePath();
  }
  return path;
}

export function union(shapes) {
  const whole = new Path2D();
  for (const shape of shapes) whole.addPath(shape.path);
  return whole;
}

function boxOf(rings) {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const { x, y } of rings.flat()) {
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
    box.maxX = Math.max(box.maxX, x);
    box.maxY = Math.max(box.maxY, y);
  }
  return box;
}

export function contains(shape, { x, y }) {
  const { box } = shape;
  if (x < box.minX || x > box.maxX || y < box.minY || y > box.maxY) return false;
  return shape.rings.reduce((inside, ring) => inside !== crossesOddly(ring, x, y), false);
}

function crossesOddly(ring, x, y) {
  let isOdd = false;
  for (let i = 1; i < ring.length; i += 1) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isOdd = !isOdd;
  }
  return isOdd;
}

// A point inside the shape to write its name at: the middle of the widest stretch at half its height.
export function anchorOf(shape) {
  if (!shape.anchor) shape.anchor = widestStretch(shape);
  return shape.anchor;
}

function widestStretch(shape) {
  const y = (shape.box.minY + shape.box.maxY) / 2;
  const crossings = shape.rings.flatMap((ring) => crossingsAt(ring, y)).sort((a, b) => a - b);
  let best = { x: (shape.box.minX + shape.box.maxX) / 2, y, width: 0 };
  for (let i = 1; i < crossings.length; i += 2) {
    const width = crossings[i] - crossings[i - 1];
    if (width > best.width) best = { x: (crossings[i] + crossings[i - 1]) / 2, y, width };
  }
  return best;
}

function crossingsAt(ring, y) {
  const found = [];
  for (let i = 1; i < ring.length; i += 1) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (a.y > y !== b.y > y) found.push(((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x);
  }
  return found;
}
