// What can be done on the page: pick a thing and read its card, report an incident, find a place.
import { get } from "./api.js";
import { page } from "./page.js";
import { toWorld } from "./geometry.js";
import * as panel from "./ui/panel.js";
import { areaCard, cellCard, facilityCard } from "./ui/cards.js";
import { incidentCard } from "./ui/incident.js";
import { ReportForm } from "./ui/report.js";

const WIDE_PX = 900;
const CLOSE_ZOOM = 16;

export class App {
  constructor(map, view, layers) {
    Object.assign(this, { map, view, ...layers });
    this.categories = new Map();
    this.categoryTree = [];
    this.turn = 0;
    this.form = new ReportForm(map, this);
    panel.onClose(() => this.leave());
    view.on(["standard"], () => this.refresh("area"));
  }

  async start() {
    const { categories } = await get("/api/categories");
    this.categoryTree = categories;
    for (const one of categories.flatMap((group) => [group, ...group.children])) this.categories.set(one.code, one);
  }

  // Show the card of an area, cell, facility or incident; `place` is where people clicked.
  async pick(kind, code, { place } = {}) {
    this.form.clear();
    this.place = place;
    this.view.set({ picked: { kind, code } });
    if (!panel.isOpen()) panel.loading();
    await this._fill();
    const seen = place ?? this._whereIs(kind, code);
    if (seen) this.keepInSight(seen);
  }

  _whereIs(kind, code) {
    const found = { incident: () => this.incidents.byId.get(Number(code)), facility: () => this.facilities.byCode.get(code) }[kind]?.();
    return found && [found.lat, found.lon];
  }

  // Move the map as little as it takes for a place not to lie under the panels.
  keepInSight(place) {
    this.map.panInside(place, this.padding());
  }

  // What of the map lies under panels.
  padding() {
    const taken = panel.size();
    const isWide = window.innerWidth >= WIDE_PX;
    const narrow = { paddingTopLeft: [16, 124], paddingBottomRight: [16, Math.max(taken.height + 24, 90)] };
    return isWide ? { paddingTopLeft: [348, 40], paddingBottomRight: [taken.width + 40, 40] } : narrow;
  }

  async refresh(kind) {
    if (this.view.get().picked?.kind === kind) await this._fill();
  }

  leave() {
    this.turn += 1;
    this.form.clear();
    this.view.set({ picked: null });
  }

  async _fill() {
    this.turn += 1;
    const turn = this.turn;
    const { picked } = this.view.get();
    try {
      const card = await this._card(picked);
      if (turn === this.turn) panel.open(...card);
    } catch (error) {
      if (turn === this.turn) panel.problem(error);
    }
  }

  async _card({ kind, code }) {
    const path = `/api/${kind}s/${encodeURIComponent(code)}`;
    if (kind === "area") return areaCard(await get(path, { standard: this.view.get().standard }), this, this.place);
    if (kind === "cell") return cellCard(await get(path), this, this.place);
    if (kind === "incident") return incidentCard(await get(path, { lang: page.language }), this);
    return facilityCard(this.facilities.get(code), this);
  }

  report(place) {
    this.view.set({ picked: null });
    this.turn += 1;
    this.form.open(place);
    this.keepInSight(place);
  }

  // The answer to a report: the incident is on the map at once, what happens next comes live.
  reported(incident, told) {
    this.incidents.add({ ...told, ...incident });
    this.pick("incident", String(incident.id));
  }

  clicked(target, place) {
    if (this.form.isPlacing) this.report(place);
    else if (target) this.pick(target.kind, target.code, { place });
    else panel.close();
  }

  // An incident has changed: when its card is open, it tells so.
  moved(incident) {
    const { picked } = this.view.get();
    if (picked?.kind === "incident" && picked.code === String(incident.id)) this._fill();
  }

  // Street, community and cell at a place, as far as they are known.
  placesAt(lon, lat) {
    const point = toWorld(lon, lat);
    const found = ["street", "community", "cell"].map((kind) => this.ground.at(kind, point)?.properties);
    return found.filter(Boolean);
  }

  // Go to a search result and open its card.
  go({ kind, code, bbox, point }) {
    if (bbox && (bbox[0] < bbox[2] || bbox[1] < bbox[3])) this.basis.fit([[bbox[1], bbox[0]], [bbox[3], bbox[2]]]);
    else if (point) this.map.setView([point[1], point[0]], Math.max(this.map.getZoom(), CLOSE_ZOOM));
    this.pick(kind, code);
  }
}
