// What lies under the pointer: incidents before facilities before cells before communities; and the name beside it.
import { BASE_ZOOM, toWorld } from "./geometry.js";
import { byId } from "./dom.js";
import { describe } from "./ui/describe.js";

const REACH_PX = { mouse: 9, touch: 20 };
const tip = byId("tip");

export class Pointer {
  constructor(map, app) {
    const { ground, facilities, incidents } = app;
    Object.assign(this, { map, app, ground, facilities, incidents });
    map.on("click", () => this._leave());
    map.on("click", (event) => app.clicked(this.under(event.latlng, event.originalEvent), event.latlng));
    map.on("mousemove", (event) => this._hover(event));
    map.on("mouseout movestart zoomstart", () => this._leave());
  }

  under(latlng, event) {
    const point = toWorld(latlng.lng, latlng.lat);
    const reach = REACH_PX[event?.pointerType === "touch" ? "touch" : "mouse"] * 2 ** (BASE_ZOOM - this.map.getZoom());
    return this._incident(point, reach) ?? this._facility(point, reach) ?? this._area(point);
  }

  _incident(point, reach) {
    const found = this.incidents.near(point, reach);
    return found && { kind: "incident", code: String(found.id), thing: found };
  }

  _facility(point, reach) {
    const found = this.facilities.near(point, reach * 1.2);
    return found && { kind: "facility", code: found.id, thing: found };
  }

  _area(point) {
    const cell = this.ground.hasCells() && this.ground.at("cell", point);
    if (cell) return { kind: "cell", code: cell.id, thing: cell };
    const area = this.ground.at("community", point) ?? this.ground.at("street", point);
    return area ? { kind: "area", code: area.id, thing: area } : null;
  }

  _hover(event) {
    if (event.originalEvent.pointerType === "touch" || this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this._show(event);
    });
  }

  _show({ latlng, containerPoint, originalEvent }) {
    const target = this.app.form.isPlacing ? null : this.under(latlng, originalEvent);
    this.map.getContainer().classList.toggle("over-thing", Boolean(target) && target.kind !== "area" && target.kind !== "cell");
    const words = target && describe(target, this.app);
    tip.hidden = !words;
    if (!words) return;
    tip.replaceChildren(...words);
    tip.style.transform = `translate(${containerPoint.x + 14}px, ${containerPoint.y + 14}px)`;
  }

  _leave() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    tip.hidden = true;
  }
}
