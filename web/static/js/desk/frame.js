// The frame of the desk: which view, where the divider between list and map stands, what narrow screens show.
import { byId, fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";

const VIEW = {
  board: [() => t("Board"), "board"],
  table: [() => t("Table"), "table"],
  charts: [() => t("Charts"), "chart"],
  scores: [() => t("Scores"), "score"],
};
const WIDTH_KEY = "wangge.desk.map";
const NARROWEST_PX = 300;
const LIST_PX = 620;
const STEP_PX = 32;

export class Frame {
  constructor(desk) {
    this.desk = desk;
    desk.store.on(["view"], () => this._draw());
    this._divide();
    this._draw();
  }

  _draw() {
    const { view } = this.desk.store.get();
    fill(
      byId("views"),
      Object.keys(VIEW).map((name) => this._view(name, view)),
    );
    const map = this._tab("map", t("Map"), "pin", () => this._pane("map"));
    fill(
      byId("bottom"),
      Object.keys(VIEW).map((name) => this._tab(name, VIEW[name][0](), VIEW[name][1], () => this._open(name))),
      map,
    );
    this._press();
  }

  _view(name, shown) {
    const [words, sign] = VIEW[name];
    const press = {
      type: "button",
      class: "segment",
      "data-view": name,
      "aria-pressed": String(name === shown),
      onclick: () => this._open(name),
    };
    return h("button", press, icon(sign), h("span", {}, words()));
  }

  _tab(name, words, sign, onclick) {
    return h("button", { type: "button", class: "tab", "data-tab": name, onclick }, icon(sign), h("span", {}, words));
  }

  _open(name) {
    this._pane("list");
    this.desk.show(name);
    this._press();
  }

  // On narrow screens either the list or the map is there.
  _pane(name) {
    document.body.dataset.pane = name;
    if (name === "map") this.desk.pane.resize();
    this._press();
  }

  _press() {
    const shown = document.body.dataset.pane === "map" ? "map" : this.desk.store.get().view;
    for (const tab of byId("bottom").children) tab.setAttribute("aria-current", tab.dataset.tab === shown ? "page" : "false");
  }

  _divide() {
    const divider = byId("splitter");
    const width = Number(localStorage.getItem(WIDTH_KEY));
    if (width) this._resize(width);
    divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
    divider.addEventListener(
      "pointermove",
      (event) => divider.hasPointerCapture(event.pointerId) && this._resize(window.innerWidth - event.clientX),
    );
    divider.addEventListener("pointerup", () => this.desk.pane.resize());
    divider.addEventListener("keydown", (event) => this._key(event));
    divider.addEventListener("dblclick", () => this._toggle());
  }

  _key(event) {
    const step = { ArrowLeft: STEP_PX, ArrowRight: -STEP_PX }[event.key];
    if (!step) return;
    event.preventDefault();
    this._resize(byId("splitter").nextElementSibling.offsetWidth + step);
    this.desk.pane.resize();
  }

  // No wider than what leaves room for the list; dragged to the edge the map folds away.
  _resize(width) {
    const isFolded = width < NARROWEST_PX / 2;
    const kept = Math.min(window.innerWidth - LIST_PX, Math.max(NARROWEST_PX, width));
    document.body.classList.toggle("map-folded", isFolded);
    document.body.style.setProperty("--map-width", `${kept}px`);
    localStorage.setItem(WIDTH_KEY, String(isFolded ? 1 : kept));
  }

  _toggle() {
    this._resize(document.body.classList.contains("map-folded") ? NARROWEST_PX * 1.5 : 1);
    this.desk.pane.resize();
  }
}
