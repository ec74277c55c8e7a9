// The walk to the worker's cases, reckoned anew only when they are others or he has gone some way.
import { metresBetween } from "./distance.js";
import { order } from "./route.js";

const MOVED_M = 25;

export class Walk {
  constructor() {
    this.steps = [];
    this.cases = null;
    this.from = null;
  }

  // Of a phone's state: { row, metres }, the way from the one before; without those that leave his hands. Straight ways before the
  // streets are there.
  update({ cases, position, bundle }) {
    const hasStayed = this.from && position ? metresBetween(this.from, position) < MOVED_M : this.from === position;
    if (cases === this.cases && bundle === this.bundle && hasStayed) return this.steps;
    Object.assign(this, { cases, bundle, from: position });
    const { streets = { nodes: [], edges: [] }, parameters = {} } = bundle ?? {};
    this.steps = order(cases.filter(({ isLeaving }) => !isLeaving), position, streets, parameters.detour_m ?? 0);
    return this.steps;
  }
}
