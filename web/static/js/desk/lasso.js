// Drawing around cases on the map: the line that people drag becomes a polygon of degrees.
import { toWorld } from "../geometry.js";
import { colour } from "../tokens.js";

const TOLERANCE_PX = 3;
const FEWEST = 3;
const PLACES = 5;

export class Lasso {
  // `done(ring)` gets [[lon, lat], …], closed; null when it was too small to mean anything.
  constructor(map, { changed, done }) {
    Object.assign(this, { map, changed, done, isOn: false, line: [] });
    const box = map.getContainer();
    box.addEventListener("pointerdown", (event) => this._begin(event), { capture: true });
    box.addEventListener("pointermove", (event) => this._draw(event), { capture: true });
    box.addEventListener("pointerup", (event) => this._end(event), { capture: true });
    box.addEventListener("pointercancel", () => this._drop());
  }

  turn(isOn) {
    this.isOn = isOn;
    this.map.dragging[isOn ? "disable" : "enable"]();
    this.map.getContainer().classList.toggle("drawing", isOn);
    this._drop();
  }

  _drop() {
    this.isDrawing = false;
    this.line = [];
    this.changed();
  }

  _begin(event) {
    if (!this.isOn || event.button > 0) return;
    event.stopPropagation();
    this.map.getContainer().setPointerCapture(event.pointerId);
    this.isDrawing = true;
    this.line = [this._at(event)];
  }

  _draw(event) {
    if (!this.isDrawing) return;
    event.stopPropagation();
    this.line.push(this._at(event));
    this.changed();
  }

  _end(event) {
    if (!this.isDrawing) return;
    event.stopPropagation();
    const corners = L.LineUtil.simplify(this.line, TOLERANCE_PX);
    const ring = corners.length < FEWEST ? null : this._ring(corners);
    this.turn(false);
    this.done(ring);
  }

  _at(event) {
    return this.map.mouseEventToContainerPoint(event);
  }

  _ring(corners) {
    const places = corners.map((corner) => this.map.containerPointToLatLng(corner));
    return [...places, places[0]].map(({ lng, lat }) => [Number(lng.toFixed(PLACES)), Number(lat.toFixed(PLACES))]);
  }

  // What is being drawn, else the polygon that filters.
  paint(sheet, ring) {
    const drawn = this.line.map((point) => this.map.containerPointToLatLng(point)).map(({ lng, lat }) => [lng, lat]);
    const places = drawn.length ? drawn : (ring ?? []);
    if (places.length < 2) return;
    const { context } = sheet;
    context.beginPath();
    for (const [lon, lat] of places) {
      const { x, y } = sheet.at(toWorld(lon, lat));
      context.lineTo(x, y);
    }
    context.closePath();
    Object.assign(context, { globalAlpha: 0.1, fillStyle: colour("pick"), strokeStyle: colour("pick"), lineWidth: 2 });
    context.fill();
    context.globalAlpha = 1;
    context.setLineDash([6, 4]);
    context.stroke();
    context.setLineDash([]);
  }
}
