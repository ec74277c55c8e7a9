// The order in which things lie over each other, each on a canvas of its own so that a live event repaints little.
import { Painter } from "./painter.js";

const ORDER = [
  "ground", "buildings", "streets", "reach-radius", "reach-network", "heat", "lines", "facilities", "labels", "incidents", "pulses", "names", "cases",
];
const LOWEST = 210;

export class Panes {
  constructor(map) {
    this.map = map;
    this.painters = new Map();
    ORDER.forEach((name, index) => this._create(name, LOWEST + index * 20));
  }

  _create(name, level) {
    const pane = this.map.createPane(name);
    pane.style.zIndex = level;
    pane.style.pointerEvents = "none";
  }

  paint(name, draw) {
    this.painters.set(name, new Painter(draw, { pane: name }).addTo(this.map));
  }

  redraw(...names) {
    for (const name of names.length ? names : this.painters.keys()) this.painters.get(name)?.redraw();
  }
}
