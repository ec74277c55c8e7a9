// What the map of every page stands on: the ground with its names and streets, each on a canvas of its own.
import { Ground } from "./layers/ground.js";
import { Labels } from "./layers/labels.js";
import { addStreets } from "./layers/streets.js";
import { Panes } from "./panes.js";
import { showOrigin } from "./ui/notices.js";
import { addZoom } from "./ui/zoom.js";

export class Basis {
  // `facilities` are signs that names leave room for; `padding` tells what of the map lies under panels.
  constructor(map, view, { failed, changed = () => {}, facilities = null, padding = () => ({}) }) {
    Object.assign(this, { map, view, changed, padding });
    this.panes = new Panes(map);
    this.ground = new Ground(map, view, { failed, changed: (kind) => this._changed(kind) });
    this._paint(new Labels(this.ground, facilities));
  }

  _paint(labels) {
    const { panes, ground } = this;
    panes.paint("ground", (sheet) => ground.paintBelow(sheet));
    panes.paint("lines", (sheet) => ground.paintLines(sheet));
    panes.paint("labels", (sheet) => labels.paint(sheet));
    panes.paint("names", (sheet) => labels.paintStreets(sheet));
  }

  _changed(kind) {
    this.panes.redraw("ground", "lines", "labels", "names");
    if (kind === "community" || kind === "street") showOrigin(this.ground.all(kind).map(({ properties }) => properties));
    this.changed(kind);
  }

  // Show `place`, else the whole ground; gives its bounds, null when there is no ground yet.
  async start(place = null) {
    this.bounds = await this.ground.start(place);
    if (place) this.show(place);
    else if (this.bounds) this.fit(this.bounds, { animate: false });
    addZoom(this.map, () => this.bounds && this.fit(this.bounds));
    addStreets(this.map, this.view);
    return this.bounds;
  }

  show({ lat, lon, zoom }) {
    this._exactly(() => this.map.setView([lat, lon], zoom, { animate: false }));
  }

  // Fit to what the panels leave free.
  fit(bounds, options = {}) {
    this._exactly(() => this.map.fitBounds(bounds, { ...this.padding(), ...options }));
  }

  // People zoom by whole steps, at which names are sharp; a whole district fits better between them.
  _exactly(move) {
    this.map.options.zoomSnap = 0.25;
    move();
    this.map.options.zoomSnap = 1;
  }
}
