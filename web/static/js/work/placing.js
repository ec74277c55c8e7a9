// Where a report belongs: a small map with a pin that starts where the phone is and can be dragged, how exact that is, and near a
// border the cells to choose from.
import "/vendor/leaflet/leaflet.js";
import { ago } from "../desk/time.js";
import { fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { Chart } from "./chart.js";
import { locate } from "./ground.js";
import { drawCase, drawHere } from "./marks.js";
import { say } from "./said.js";

const OLD_MS = 120_000; // a position of then may be another place

export class Placing {
  // `place`: chosen before; null: where the phone is. `changed` hears of every other place or cell.
  constructor(phone, { place, cell, changed }) {
    const { bundle } = phone.state.get();
    Object.assign(this, { phone, bundle, changed, chosen: place, cell });
    this.box = h("div", { class: "placing" });
    this.words = h("p", { class: "placing-words", role: "status" });
    this.cells = h("fieldset", { class: "options" });
    this.element = h("section", { class: "where" }, this.box, this.words, this.cells);
  }

  // Once the element is on the page.
  begin() {
    const paint = (sheet) => this._paint(sheet);
    this.chart = new Chart(this.box, this.bundle, { paint, label: t("Where it is. Drag the pin, or touch the map."), locate: () => this._toMe() });
    this.pin = L.marker([0, 0], { icon: L.divIcon({ className: "pin", iconSize: [34, 44], iconAnchor: [17, 42] }), draggable: true, title: t("Drag to adjust") });
    this.pin.on("dragend", () => this._choose(this.pin.getLatLng()));
    this.chart.map.on("click", ({ latlng }) => this._choose(latlng));
    this.off = this.phone.state.on(["position"], () => this._moved());
    this.unlocate = this.phone.locate();
    this._settle();
  }

  leave() {
    this.off();
    this.unlocate();
    this.chart.remove();
  }

  // { lon, lat, accuracy_m } in WGS84, without accuracy where a finger put it; null while nothing is known.
  get place() {
    return this.chosen ?? this.phone.state.get().position;
  }

  // The code that the worker picked, where he had a choice and made one.
  get picked() {
    return this.near?.others.length && this.cell !== this.near.home.code ? this.cell : null;
  }

  _paint(sheet) {
    const { position, cases } = this.phone.state.get();
    for (const row of cases) drawCase(sheet, row);
    if (position) drawHere(sheet, position);
  }

  _moved() {
    if (!this.chosen) this._settle();
    this.chart.redraw();
  }

  _choose({ lat, lng }) {
    this.chosen = { lon: lng, lat };
    this._settle();
  }

  _toMe() {
    const { position } = this.phone.state.get();
    if (!position) return say(t("The phone does not say where it is. Touch the map where it is."));
    this.chosen = null;
    this.isCentred = false;
    return this._settle();
  }

  _settle() {
    const { place } = this;
    this.near = place && locate(this.bundle, place);
    if (place) this._put(place);
    const codes = this.near?.home ? [this.near.home, ...this.near.others].map(({ code }) => code) : [];
    if (!codes.includes(this.cell)) this.cell = codes[0] ?? null;
    fill(this.words, icon("pin"), h("span", {}, this._told(place)));
    this._offer();
    this.changed(this);
  }

  _put(place) {
    this.pin.setLatLng([place.lat, place.lon]).addTo(this.chart.map);
    if (this.isCentred) return;
    this.isCentred = true;
    this.chart.show(place);
  }

  _told(place) {
    if (!place) return t("Looking for where you are … or touch the map.");
    const where = this.near.home?.name ?? t("Outside your cells and their neighbours; the server finds whose it is.");
    if (this.chosen) return `${where} · ${t("put by hand")}`;
    const isOld = Date.now() - new Date(place.at) > OLD_MS;
    return [where, t("exact to {metres} m", { metres: Math.round(place.accuracy_m) }), isOld && ago(place.at)].filter(Boolean).join(" · ");
  }

  // The two nearest, where there is a choice.
  _offer() {
    const choice = this.near?.others.length ? [this.near.home, this.near.others[0]] : [];
    this.cells.hidden = !choice.length;
    fill(this.cells, h("legend", {}, t("Near a border. Which cell does it belong to?")), choice.map((cell) => this._option(cell)));
  }

  _option({ code, name, role, distance_m: metres }) {
    const told = [role ? t("mine") : t("neighbour"), metres ? `${Math.round(metres)} m` : t("the point lies in it")].join(" · ");
    const pick = () => {
      this.cell = code;
      this.changed(this);
    };
    return h("label", { class: "option" }, h("input", { type: "radio", name: "cell", value: code, checked: code === this.cell, onchange: pick }), h("span", {}, name, h("span", { class: "quiet" }, ` ${told}`)));
  }
}
