// In which order to walk to the cases: what is late or due soon first, by short ways through the streets; what lies near that way is
// taken along; then the others.
import { leftOf } from "../desk/time.js";
import { streetsOf } from "./streets.js";

const URGENT = ["late", "soon"];
const ROUNDS = 12; // of making a way shorter; each looks at all pairs

// `position` may be null: then the way begins at what is due first. `streets` and `detour_m` are the bundle's; what costs no more
// than `detour_m` is taken along. Returns { row, metres }: the cases in their order, each with the way from the one before.
export function order(cases, position, streets, detour_m) {
  if (!cases.length) return [];
  const rows = [...cases].sort((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9") || a.id - b.id);
  const start = position ?? rows[0];
  const far = streetsOf(streets).table([start, ...rows]);
  const all = rows.map((_row, index) => index + 1);
  const isUrgent = (at) => URGENT.includes(leftOf(rows[at - 1]));
  const way = alongTheWay(far, walk(far, 0, all.filter(isUrgent)), all.filter((at) => !isUrgent(at)), detour_m);
  return way.slice(1).map((at, index) => ({ row: rows[at - 1], metres: far[way[index]][at] }));
}

// From `start` through all of `places`: the nearest next, then turned round wherever that is shorter.
export function walk(far, start, places) {
  const way = [start];
  const left = new Set(places);
  while (left.size) {
    const here = way.at(-1);
    const next = [...left].reduce((best, at) => (far[here][at] < far[here][best] ? at : best));
    left.delete(next);
    way.push(next);
  }
  return shortened(far, way);
}

// Turns stretches of the way round while that makes it shorter. It ends where it likes.
function shortened(far, way) {
  for (let round = 0; round < ROUNDS; round += 1) {
    let isBetter = false;
    for (let i = 1; i < way.length - 1; i += 1) {
      for (let j = i + 1; j < way.length; j += 1) {
        if (gain(far, way, i, j) <= 0.01) continue;
        way.splice(i, j - i + 1, ...way.slice(i, j + 1).reverse());
        isBetter = true;
      }
    }
    if (!isBetter) break;
  }
  return way;
}

function gain(far, way, i, j) {
  const end = way[j + 1];
  const before = far[way[i - 1]][way[i]] + (end === undefined ? 0 : far[way[j]][end]);
  const after = far[way[i - 1]][way[j]] + (end === undefined ? 0 : far[way[i]][end]);
  return before - after;
}

// `way` with those of `others` that cost little, then all others from its end.
function alongTheWay(far, way, others, detour_m) {
  const far_off = [];
  for (const at of others) {
    const { place, more } = cheapest(far, way, at);
    if (more <= detour_m) way.splice(place, 0, at);
    else far_off.push(at);
  }
  return [...way, ...walk(far, way.at(-1), far_off).slice(1)];
}

function cheapest(far, way, at) {
  let best = { place: way.length, more: Infinity };
  for (let i = 1; i < way.length; i += 1) {
    const more = far[way[i - 1]][at] + far[at][way[i]] - far[way[i - 1]][way[i]];
    if (more < best.more) best = { place: i, more };
  }
  return best;
}
