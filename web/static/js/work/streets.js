// Ways on foot through the streets that the phone keeps: the rule of geo/network.py and geo/reach.py on the phone. Places are
// { lon, lat } in degrees, lengths metres. A place joins the network where its nearest street is nearest, and the way to there counts.
import { Heap } from "./heap.js";
import { degreeAt, metresBetween } from "./distance.js";

const STRAIGHT = 1.3; // a way where no street is known, by the straight line: customary for towns
const known = new WeakMap();

// The network of a bundle's `streets`, built once.
export function streetsOf(streets) {
  if (!known.has(streets)) known.set(streets, new Streets(streets));
  return known.get(streets);
}

export class Streets {
  constructor({ nodes, edges }) {
    const [lon = 0, lat = 0] = nodes[0] ?? [];
    Object.assign(this, { lon, lat, degree: degreeAt(lat) });
    this.ways = nodes.map(() => []);
    this.edges = edges.map(([, from, to, length, , , between]) => ({ from, to, length, line: [nodes[from], ...between, nodes[to]].map((point) => this._plane(point)) }));
    for (const { from, to, length } of this.edges) {
      this.ways[from].push([to, length]);
      this.ways[to].push([from, length]);
    }
  }

  _plane([lon, lat]) {
    const [east, north] = this.degree;
    return [(lon - this.lon) * east, (lat - this.lat) * north];
  }

  // Where a place joins: { edge, along, rest, off }; null where there are no streets.
  join({ lon, lat }) {
    const point = this._plane([lon, lat]);
    let best = null;
    for (const edge of this.edges) {
      const { off, share } = nearestOn(edge.line, point);
      if (!best || off < best.off) best = { edge, off, along: share * edge.length, rest: (1 - share) * edge.length };
    }
    return best;
  }

  // From a joined place to each node, infinite where no way leads.
  from({ edge, along, rest }) {
    const metres = new Float64Array(this.ways.length).fill(Infinity);
    const queue = new Heap();
    const reach = (node, length) => {
      if (length >= metres[node]) return;
      metres[node] = length;
      queue.push(length, node);
    };
    reach(edge.from, along);
    reach(edge.to, rest);
    while (!queue.isEmpty) {
      const [length, node] = queue.pop();
      if (length === metres[node]) for (const [next, more] of this.ways[node]) reach(next, length + more);
    }
    return metres;
  }

  // Metres on foot from each of `places` to each, a table of rows.
  table(places) {
    const joined = places.map((place) => this.join(place));
    return joined.map((start, i) => {
      const metres = start && this.from(start);
      return joined.map((end, j) => (start && end && onFoot(metres, start, end)) ?? STRAIGHT * metresBetween(places[i], places[j]));
    });
  }
}

function onFoot(metres, start, end) {
  const isSame = start.edge === end.edge;
  const along = isSame ? Math.abs(start.along - end.along) : Infinity;
  const way = Math.min(along, metres[end.edge.from] + end.along, metres[end.edge.to] + end.rest);
  return Number.isFinite(way) ? start.off + way + end.off : null;
}

// How far `point` is from a line, and at which share of its length it is nearest.
function nearestOn(line, [x, y]) {
  let [best, at, run] = [Infinity, 0, 0];
  for (let i = 1; i < line.length; i += 1) {
    const [[ax, ay], [bx, by]] = [line[i - 1], line[i]];
    const square = (bx - ax) ** 2 + (by - ay) ** 2;
    const share = square ? Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square)) : 0;
    const off = Math.hypot(ax + share * (bx - ax) - x, ay + share * (by - ay) - y);
    const length = Math.sqrt(square);
    if (off < best) [best, at] = [off, run + share * length];
    run += length;
  }
  return { off: best, share: run ? at / run : 0 };
}
