// In which cell a place lies, by what the phone keeps: the rule of geo/location.py without signal. The server decides; this is what
// the worker is told before. Degrees in EPSG:4490, distances in metres.
import { degreeAt } from "./distance.js";

// { home, others }: cells { code, name, role, distance_m }; `home` is null beyond the tolerance. Cells farther than the neighbours
// are not kept: there `home` says nothing.
export function locate(bundle, { lon, lat }) {
  const tolerance_m = bundle.parameters.border_tolerance_m;
  const near = [...bundle.cells, ...bundle.neighbours].map((cell) => ({ ...cell.properties, distance_m: distanceTo(cell.geometry, [lon, lat]) }));
  const within = near.filter(({ distance_m: metres }) => metres <= tolerance_m).sort((a, b) => a.distance_m - b.distance_m || a.code.localeCompare(b.code));
  return { home: within[0] ?? null, others: within.slice(1) };
}

// 0 inside and on the border.
function distanceTo({ type, coordinates }, point) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return Math.min(...polygons.map((rings) => (isInside(rings, point) ? 0 : Math.min(...rings.map((ring) => toRing(ring, point))))));
}

function isInside(rings, [x, y]) {
  let isOdd = false;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 1) {
      const [[ax, ay], [bx, by]] = [ring[i - 1], ring[i]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isOdd = !isOdd;
    }
  }
  return isOdd;
}

function toRing(ring, [lon, lat]) {
  const [east, north] = degreeAt(lat);
  const plane = ring.map(([x, y]) => [(x - lon) * east, (y - lat) * north]);
  let best = Infinity;
  for (let i = 1; i < plane.length; i += 1) best = Math.min(best, toPiece(plane[i - 1], plane[i]));
  return best;
}

// From the origin to a piece of line.
function toPiece([ax, ay], [bx, by]) {
  const square = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = square ? Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / square)) : 0;
  return Math.hypot(ax + share * (bx - ax), ay + share * (by - ay));
}
