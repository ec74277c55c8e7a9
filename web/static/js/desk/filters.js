// Which cases: a field that searches all texts, signs for the time left, and the rest in a dialog.
import { byId, fill, h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { Combobox } from "../ui/combobox.js";
import { drawPlace, findPlaces } from "../ui/search.js";
import { actorField } from "./choosing.js";
import { closeDialog, openDialog } from "./dialog.js";
import { toggled } from "./query.js";
import { LEFT_WORDS, sign } from "./signs.js";
import { SORT, SOURCE, STATE, say } from "./words.js";

const PAUSE_MS = 260;
const OFFERED = ["late", "soon", "ok", "stopped"];

export class Filters {
  constructor(desk) {
    this.desk = desk;
    this.input = byId("q");
    this.input.addEventListener("input", () => this._later());
    this.input.addEventListener("keydown", (event) => event.key === "Enter" && this._search());
    desk.store.on(["query"], () => this.update());
    this.update();
  }

  _later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this._search(), PAUSE_MS);
  }

  _search() {
    clearTimeout(this.timer);
    const q = this.input.value.trim();
    if (q !== (this.desk.store.get().query.q ?? "")) this.desk.filter({ q });
  }

  update() {
    const { query } = this.desk.store.get();
    if (document.activeElement !== this.input) this.input.value = query.q ?? "";
    const press = { type: "button", id: "more-filters", class: "button small", onclick: () => this._open() };
    fill(
      byId("filters"),
      h(
        "div",
        { class: "lefts", role: "group", "aria-label": t("Time left") },
        OFFERED.map((left) => this._left(left, query)),
      ),
      h("button", press, icon("filter"), h("span", {}, t("Filter"))),
    );
  }

  _left(left, query) {
    const isOn = query.late?.split(",").includes(left) ?? false;
    const onclick = () => this.desk.filter({ late: toggled(query.late, left) });
    return h(
      "button",
      {
        type: "button",
        class: "left-choice",
        "data-left": left,
        "aria-pressed": String(isOn),
        title: say(LEFT_WORDS, left),
        onclick,
      },
      sign(left),
      h("span", {}, say(LEFT_WORDS, left)),
    );
  }

  _open() {
    const { query } = this.desk.store.get();
    this.wanted = { ...query };
    const onsubmit = (event) => {
      event.preventDefault();
      closeDialog();
      this.desk.filter(this.wanted);
    };
    openDialog(
      t("Filter"),
      h(
        "form",
        { class: "form", onsubmit },
        this._area(query),
        this._select("category", t("Category"), query, this._categories()),
        this._select("state", t("State"), query, options(STATE)),
        this._select("source", t("Source"), query, options(SOURCE)),
        actorField(
          "holder",
          t("Held by"),
          query.holder && this.desk.names(query.holder),
          (actor) => (this.wanted.holder = actor?.actor),
        ),
        this._day("since", t("Filed from"), query),
        this._day("until", t("Filed before"), query),
        this._select("sort", t("Order"), query, options(SORT)),
        h("div", { class: "actions" }, h("button", { type: "submit", class: "button primary" }, t("Show")), this._reset()),
      ),
    );
  }

  _reset() {
    const onclick = () => {
      closeDialog();
      this.desk.clear();
    };
    return h("button", { type: "button", class: "button plain", onclick }, t("Clear the filters"));
  }

  _area(query) {
    const input = h("input", {
      id: "f-area",
      type: "text",
      role: "combobox",
      "aria-expanded": "false",
      autocomplete: "off",
      placeholder: t("Any"),
    });
    input.value = query.area ? this.desk.placeName(query.area) : "";
    input.addEventListener("input", () => !input.value && (this.wanted.area = null));
    const list = h("ul", { class: "surface results", role: "listbox", hidden: true });
    const take = (place) => {
      input.value = nameOf(place);
      this.wanted[place.kind === "cell" ? "cell" : "area"] = place.code;
    };
    const ask = async (text) => (await findPlaces(text)).filter(({ kind }) => kind !== "facility");
    new Combobox(input, list, { ask, draw: drawPlace, take, name: "f-area" });
    return field("f-area", t("Area or cell"), h("div", { class: "combo" }, input, list));
  }

  _select(name, words, query, choices) {
    const onchange = (event) => (this.wanted[name] = event.target.value);
    const select = h("select", { id: `f-${name}`, onchange }, h("option", { value: "" }, t("Any")), choices);
    select.value = query[name] ?? "";
    return field(`f-${name}`, words, select);
  }

  _categories() {
    const option = (one) => h("option", { value: one.code }, nameOf(one));
    return (this.desk.categories ?? []).map((group) =>
      h("optgroup", { label: nameOf(group) }, option(group), group.children.map(option)),
    );
  }

  _day(name, words, query) {
    const onchange = (event) => (this.wanted[name] = event.target.value && `${event.target.value}T00:00:00+08:00`);
    const input = h("input", { id: `f-${name}`, type: "date", onchange });
    input.value = query[name]?.slice(0, 10) ?? "";
    return field(`f-${name}`, words, input);
  }
}

function options(words) {
  return Object.keys(words).map((code) => h("option", { value: code }, say(words, code)));
}

export function field(id, words, control, hint = null) {
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, words),
    control,
    hint && h("p", { class: "quiet hint-line" }, hint),
  );
}
