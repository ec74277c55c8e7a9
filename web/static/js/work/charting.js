// What the screen with the map does: pins and cards are the same cases; what is touched on one is shown on the other.
import { categoryOf } from "../desk/card.js";
import { sign } from "../desk/signs.js";
import { leftOf, leftWords } from "../desk/time.js";
import { fill, h, icon } from "../dom.js";
import { BASE_ZOOM, toWorld } from "../geometry.js";
import { t } from "../i18n.js";
import { Chart } from "./chart.js";
import { drawCase, drawHere, drawPlace } from "./marks.js";
import { say } from "./said.js";
import { Walk } from "./walk.js";
import { wayWords } from "./ways.js";

const TOUCH_PX = 28;
const NUMBERED = 9; // of the walk, on pins
const LISTED = 30; // cards; all others are in the list

export class MapScreen {
  constructor(root, phone, id) {
    Object.assign(this, { phone, picked: id, steps: [], walk: new Walk() });
    const { bundle } = phone.state.get();
    this.chart = new Chart(root, bundle, { label: t("Map of my cells"), locate: () => this._locate(), paint: (sheet) => this._paint(sheet) });
    this.strip = h("ul", { class: "walk", "aria-label": t("My cases in the order of a walk") });
    root.append(this.strip);
    this.chart.map.invalidateSize().on("click", ({ latlng }) => this._touched(latlng));
    this.unlocate = phone.locate();
    this.off = phone.state.on(["cases", "position", "patrol"], () => this._changed());
    this._changed();
    const row = phone.state.get().cases.find((one) => one.id === id);
    if (row) this.chart.show(row);
  }

  leave() {
    this.off();
    this.unlocate();
    this.chart.remove();
  }

  _changed() {
    const steps = this.walk.update(this.phone.state.get());
    if (steps !== this.steps || !steps.length) {
      this.steps = steps;
      this._draw();
    }
    this.chart.redraw();
  }

  _paint(sheet) {
    const { position, patrol } = this.phone.state.get();
    for (const one of patrol?.places ?? []) drawPlace(sheet, one);
    if (position) drawHere(sheet, position);
    const numbered = this.steps.map(({ row }, index) => [row, index < NUMBERED ? index + 1 : null]).reverse();
    for (const [row, number] of numbered) if (row.id !== this.picked) drawCase(sheet, row, { number });
    for (const [row, number] of numbered) if (row.id === this.picked) drawCase(sheet, row, { number, isPicked: true });
  }

  _draw() {
    if (!this.steps.length) return fill(this.strip, h("li", { class: "quiet" }, t("No open cases. Well done.")));
    fill(this.strip, this.steps.slice(0, LISTED).map((step, index) => this._card(step, index)));
    return this._mark();
  }

  _card({ row, metres }, index) {
    const left = leftOf(row);
    const isFirst = index === 0;
    const way = isFirst && !this.walk.from ? t("No position yet") : wayWords(metres, this.phone.state.get().bundle);
    return h(
      "li",
      { "data-id": row.id, class: `walk-card is-${left}` },
      h("button", { type: "button", class: "walk-pick", onclick: () => this._pick(row) }, h("span", { class: "walk-name" }, `${index + 1}  ${categoryOf(row)}`), h("span", { class: `case-left is-${left}` }, sign(left), leftWords(row)), h("span", { class: "quiet" }, isFirst ? way : t("then {way}", { way }))),
      h("a", { class: "round", href: `#case/${row.id}`, "aria-label": t("Open {case}", { case: categoryOf(row) }) }, icon("right")),
    );
  }

  _pick(row) {
    this.picked = row.id;
    this.chart.show(row);
    this.chart.redraw();
    this._mark();
  }

  _mark() {
    for (const card of this.strip.children) card.classList.toggle("is-picked", Number(card.dataset.id) === this.picked);
    this.strip.querySelector(".is-picked")?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  // The nearest pin within a finger's width; another touch at the same place takes the next below it.
  _touched({ lng, lat }) {
    const at = toWorld(lng, lat);
    const reach = TOUCH_PX * 2 ** (BASE_ZOOM - this.chart.map.getZoom());
    const far = ({ row }) => Math.hypot(toWorld(row.lon, row.lat).x - at.x, toWorld(row.lon, row.lat).y - at.y);
    const near = this.steps.filter((step) => far(step) <= reach).sort((a, b) => far(a) - far(b));
    const place = near.findIndex(({ row }) => row.id === this.picked);
    const next = near[(place + 1) % near.length];
    if (next) this._pick(next.row);
  }

  _locate() {
    const { position } = this.phone.state.get();
    if (position) this.chart.show(position);
    else say(t("The phone does not say where it is. Is its location switched on, and allowed for this page?"));
  }
}
