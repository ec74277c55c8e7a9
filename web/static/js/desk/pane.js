// The map beside the list: the same cases, the same choice. One component with the map page; only the layer of cases is its own.
import { get } from "../api.js";
import { Basis } from "../basis.js";
import { byId, fill, h, icon } from "../dom.js";
import { BASE_ZOOM, toWorld } from "../geometry.js";
import { t } from "../i18n.js";
import { Cases } from "../layers/cases.js";
import { Heat } from "../layers/heat.js";
import { createStore } from "../store.js";
import { atMost } from "../pace.js";
import { Lasso } from "./lasso.js";
import { LEFT_WORDS, sign } from "./signs.js";
import { say } from "./words.js";

const CLOSE_ZOOM = 16.5;
const REACH_PX = { mouse: 10, touch: 22 };
const SHOWN = ["late", "soon", "ok", "none", "stopped", "done"];
const map = window.map_ground;

export class Pane {
  constructor(desk) {
    this.desk = desk;
    this.view = createStore({ on: new Set(["cells", "buildings"]), picked: null });
    this.basis = new Basis(map, this.view, { failed: desk.failed, changed: () => this._named(), padding });
    const { panes } = this.basis;
    this.ground = this.basis.ground;
    this.cases = new Cases(desk.store, { changed: () => panes.redraw("cases") });
    this.heat = new Heat(desk.store, { changed: () => panes.redraw("heat") });
    this.lasso = new Lasso(map, { changed: () => panes.redraw("pulses"), done: (ring) => this._drawn(ring) });
    panes.paint("heat", (sheet) => this.heat.paint(sheet));
    panes.paint("cases", (sheet) => this.cases.paint(sheet));
    panes.paint("pulses", (sheet) => this.lasso.paint(sheet, this._ring()));
    this._listen();
    this._tools();
  }

  _listen() {
    const { store } = this.desk;
    map.on("click", (event) => this._clicked(event));
    map.on("mousemove", (event) => map.getContainer().classList.toggle("over-thing", Boolean(this._under(event))));
    map.on(
      "moveend",
      atMost(400, () => this._moved()),
    );
    store.on(["query"], () => this.basis.panes.redraw("pulses"));
    store.on(["hasHeat"], () => this.basis.panes.redraw("heat", "cases"));
    store.on(["picked"], ({ picked }) => picked && this._reveal(picked));
    new ResizeObserver(() => this.resize()).observe(map.getContainer());
  }

  start() {
    return this.basis.start();
  }

  // A map that was out of sight when it should have shown the whole ground does so now.
  resize() {
    map.invalidateSize({ animate: false });
    const { x: width } = map.getSize();
    if (width && !this.wasSeen && this.basis.bounds) this.basis.fit(this.basis.bounds, { animate: false });
    this.wasSeen ||= width > 0 && Boolean(this.basis.bounds);
  }

  _named() {
    this.desk.chips?.update();
  }

  // All cases as points; of too many for that, those in view, with heat from afar.
  async load(query) {
    this.query = query;
    this.turn = (this.turn ?? 0) + 1;
    const { turn } = this;
    try {
      const told = await get("/api/cases/map", { ...query, ...(this.hasMore && this._inView()) });
      if (turn !== this.turn) return;
      if (!told.is_complete && !this.hasMore) return this._tooMany();
      this.cases.set(told.features.map(asPoint));
      if (this._hasHeat()) await this._loadHeat();
    } catch (error) {
      if (turn === this.turn) this.desk.failed(error);
    }
  }

  _tooMany() {
    this.hasMore = true;
    this.desk.store.set({ hasHeat: true });
    this._tools();
    return this.load(this.query);
  }

  _inView() {
    return { bbox: this.query.bbox ?? map.getBounds().pad(0.2).toBBoxString() };
  }

  _hasHeat() {
    return this.desk.store.get().hasHeat;
  }

  // Squares half as wide as the server would take for this zoom: softer.
  async _loadHeat() {
    const { cells } = await get("/api/cases/heat", {
      ...this.query,
      ...this._inView(),
      z: Math.min(22, Math.round(map.getZoom()) + 1),
    });
    this.heat.set(cells);
  }

  refresh(query) {
    return this.load(query);
  }

  // Moves its sign at once; the next look at the server says the rest.
  take({ id, lon, lat }) {
    const known = this.cases.find(id);
    if (known) Object.assign(known, { lon, lat, ...toWorld(lon, lat) });
  }

  mark() {
    this.basis.panes.redraw("cases");
  }

  _moved() {
    if (this.hasMore && this.query) this.load(this.query);
    else if (this._hasHeat()) this._loadHeat().catch(this.desk.failed);
    if (this.followsMap) this.desk.filter({ bbox: map.getBounds().toBBoxString() });
  }

  _under({ latlng, originalEvent }) {
    const zoom = map.getZoom();
    const isTouch = originalEvent?.pointerType === "touch";
    return this.cases.near(
      toWorld(latlng.lng, latlng.lat),
      REACH_PX[isTouch ? "touch" : "mouse"] * 2 ** (BASE_ZOOM - zoom),
      zoom,
    );
  }

  _clicked(event) {
    if (this.asking) return this._answer(event.latlng);
    const found = this._under(event);
    if (!found) return null;
    if (found.one) return this.desk.clicked(found.one.id, event.originalEvent);
    return this._closer(found.many);
  }

  _closer(members) {
    const places = members.map(({ lon, lat }) => [lat, lon]);
    map.fitBounds(places, { maxZoom: 18, padding: [48, 48] });
  }

  // A case that is opened elsewhere comes into sight; the drawer may lie over the map.
  _reveal(id) {
    const one = this.cases.find(id);
    if (!one || (document.body.dataset.pane !== "map" && this.desk.isNarrow)) return;
    const isFar = map.getZoom() < CLOSE_ZOOM - 1 || !map.getBounds().contains([one.lat, one.lon]);
    if (isFar) map.setView([one.lat, one.lon], Math.max(map.getZoom(), CLOSE_ZOOM));
  }

  // Ask for a place by a click on the map; null when people think better of it.
  askPlace(then) {
    this.asking = then;
    map.getContainer().classList.add("drawing");
  }

  stopAsking() {
    this.asking = null;
    map.getContainer().classList.remove("drawing");
  }

  _answer({ lng, lat }) {
    const then = this.asking;
    this.stopAsking();
    return then({ lon: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6)), datum: "cgcs2000" });
  }

  _ring() {
    const { polygon } = this.desk.store.get().query;
    return polygon ? ringOf(polygon) : null;
  }

  // What was drawn filters, and what it leaves is marked: ready for one decision for all.
  _drawn(ring) {
    this._tools();
    if (!ring) return;
    this.desk.filter({ polygon: JSON.stringify({ type: "Polygon", coordinates: [ring] }) });
    this.desk.markAll();
  }

  _tools() {
    const { hasHeat } = this.desk.store.get();
    fill(
      byId("map-tools"),
      tool("heat", t("Heat"), "heat", hasHeat, () => this._heat()),
      tool("lasso", t("Draw around"), "lasso", this.lasso.isOn, () => this._lasso()),
      tool("follow", t("Only what the map shows"), "frame", this.followsMap, () => this._follow()),
    );
    fill(
      byId("signs"),
      SHOWN.map((left) => h("span", {}, sign(left), say(LEFT_WORDS, left))),
    );
  }

  _heat() {
    const hasHeat = !this.desk.store.get().hasHeat;
    this.desk.store.set({ hasHeat });
    if (hasHeat) this._loadHeat().catch(this.desk.failed);
    this._tools();
  }

  _lasso() {
    this.lasso.turn(!this.lasso.isOn);
    this._tools();
  }

  _follow() {
    this.followsMap = !this.followsMap;
    this.desk.filter({ bbox: this.followsMap ? map.getBounds().toBBoxString() : null });
    this._tools();
  }
}

function tool(name, words, sign, isOn, onclick) {
  return h(
    "button",
    { type: "button", id: `tool-${name}`, class: "tool surface", "aria-pressed": String(Boolean(isOn)), title: words, onclick },
    icon(sign),
    h("span", {}, words),
  );
}

function padding() {
  return { paddingTopLeft: [24, 60], paddingBottomRight: [24, 40] };
}

function asPoint({ id, geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  return { ...properties, id, lon, lat };
}

function ringOf(polygon) {
  try {
    return JSON.parse(polygon).coordinates[0];
  } catch {
    return null; // an address that somebody mistyped; the server says what is wrong with it
  }
}
