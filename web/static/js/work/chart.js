// The map of the worker's cells, drawn from what the phone keeps: no tile and no other host is asked. Loaded with the first screen
// that shows a map, because Leaflet is large. Degrees in EPSG:4490, drawn as WGS84.
import "/vendor/leaflet/leaflet.js";
import { boundsOf, middleOf, setOrigin } from "../geometry.js";
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { Painter } from "../painter.js";
import { Drawing } from "./drawing.js";

const ZOOM = { min: 13, max: 20, close: 18 };
const EDGE_PX = 24;

export class Chart {
  // `paint(sheet, drawing)` draws over the ground; `locate` is what the button under the thumb does.
  constructor(root, bundle, { paint = () => {}, locate, label }) {
    const cells = [...bundle.cells, ...bundle.neighbours];
    this.bounds = boundsOf(bundle.cells.length ? bundle.cells : cells);
    setOrigin(...middleOf(this.bounds ?? [[0, 0], [0, 0]]));
    this.drawing = new Drawing(bundle);
    this.element = h("div", { class: "chart", role: "application", "aria-label": label });
    root.append(this.element);
    this.map = L.map(this.element, { zoomControl: false, attributionControl: false, minZoom: ZOOM.min, maxZoom: ZOOM.max, zoomSnap: 0.5, tapHold: false });
    this.painter = new Painter((sheet) => this._paint(sheet, paint));
    this.frame();
    this.painter.addTo(this.map);
    this.element.append(this._buttons(locate));
  }

  _paint(sheet, paint) {
    this.drawing.ground(sheet);
    paint(sheet, this.drawing);
  }

  _buttons(locate) {
    const button = (name, words, onclick) => h("button", { type: "button", class: "round chart-button", "aria-label": words, onclick }, icon(name));
    const box = h(
      "div",
      { class: "chart-buttons" },
      button("plus", t("Closer"), () => this.map.zoomIn(1)),
      button("minus", t("Farther"), () => this.map.zoomOut(1)),
      button("frame", t("All of my cells"), () => this.frame()),
      button("navigate", t("Where I am"), locate),
    );
    L.DomEvent.disableClickPropagation(box);
    return box;
  }

  frame() {
    if (this.bounds) this.map.fitBounds(this.bounds, { padding: [EDGE_PX, EDGE_PX], animate: false });
    else this.map.setView([0, 0], ZOOM.min);
  }

  show({ lon, lat }) {
    this.map.setView([lat, lon], Math.max(this.map.getZoom(), ZOOM.close));
  }

  redraw() {
    this.painter.redraw();
  }

  remove() {
    this.map.remove();
  }
}
