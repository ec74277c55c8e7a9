// Saved views, and the filters at work, each of which can be taken away.
import { get, post, remove } from "../api.js";
import { byId, fill, h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { closeDialog, openDialog } from "./dialog.js";
import { field } from "./filters.js";
import { FILTERS, tidy } from "./query.js";
import { say as announce } from "./said.js";
import { LEFT_WORDS } from "./signs.js";
import { SOURCE, STAGE, STATE, say } from "./words.js";

export class Chips {
  constructor(desk) {
    Object.assign(this, { desk, saved: [] });
    desk.store.on(["query", "view"], () => this.update());
    desk.names = (actor) => this._actor(actor);
    desk.placeName = (code) => this._place(code);
    this.update();
  }

  async start() {
    try {
      this.saved = (await get("/api/views")).views;
    } catch (error) {
      this.desk.failed(error);
    }
    this.update();
  }

  update() {
    const { query } = this.desk.store.get();
    const active = FILTERS.filter((name) => query[name] && name !== "stage");
    const save = h(
      "button",
      { type: "button", id: "save-view", class: "chip is-action", onclick: () => this._ask() },
      icon("star"),
      t("Save this view"),
    );
    const clear = h(
      "button",
      { type: "button", id: "clear", class: "chip is-action", onclick: () => this.desk.clear() },
      t("Clear all"),
    );
    fill(
      byId("chips"),
      this.saved.map((one) => this._view(one)),
      active.map((name) => this._filter(name, query[name])),
      this.desk.hasFilters() && [save, clear],
    );
    byId("chips").hidden = !byId("chips").children.length;
  }

  _view({ id, name, query }) {
    const isShown = JSON.stringify(tidy(query)) === JSON.stringify(tidy(this.desk.store.get().query));
    const open = { type: "button", class: "chip-name", "aria-pressed": String(isShown), onclick: () => this._show(query) };
    const drop = {
      type: "button",
      class: "drop",
      "aria-label": t("Forget the view {name}", { name }),
      onclick: () => this._forget(id),
    };
    return h(
      "span",
      { class: `chip is-view${isShown ? " is-on" : ""}` },
      h("button", open, icon("star"), name),
      h("button", drop, icon("close")),
    );
  }

  _show(query) {
    this.desk.store.set({ query: tidy(query), view: "table", marked: new Set(), isAllMarked: false });
  }

  _filter(name, value) {
    const drop = {
      type: "button",
      class: "drop",
      "aria-label": t("Take out"),
      onclick: () => this.desk.filter({ [name]: null }),
    };
    return h(
      "span",
      { class: "chip is-filter", "data-filter": name },
      this._words(name, value),
      h("button", drop, icon("close")),
    );
  }

  _words(name, value) {
    const list = (words) =>
      value
        .split(",")
        .map((code) => say(words, code))
        .join(" · ");
    const words = {
      late: () => list(LEFT_WORDS),
      state: () => list(STATE),
      source: () => list(SOURCE),
      stage: () => list(STAGE),
      q: () => t("with “{text}”", { text: value }),
      area: () => this._place(value),
      cell: () => value,
      category: () => this._category(value),
      holder: () => this._actor(value),
      since: () => t("from {day}", { day: value.slice(0, 10) }),
      until: () => t("before {day}", { day: value.slice(0, 10) }),
      polygon: () => t("Drawn on the map"),
      bbox: () => t("What the map shows"),
      parent: () => t("Of case {id}", { id: value }),
    };
    return words[name]();
  }

  _place(codes) {
    const name = (code) => this.desk.pane.ground.area(code)?.properties;
    return codes
      .split(",")
      .map((code) => (name(code) ? nameOf(name(code)) : code))
      .join(" · ");
  }

  _category(code) {
    const all = (this.desk.categories ?? []).flatMap((group) => [group, ...group.children]);
    const found = all.find((one) => one.code === code);
    return found ? nameOf(found) : code;
  }

  // A holder's name from the cases that are known, else what the API calls him.
  _actor(actor) {
    const rows = [...(this.desk.board?.stages.flatMap(({ cases }) => cases) ?? []), ...this.desk.rows.list];
    return rows.find(({ holder }) => holder?.actor === actor)?.holder.name ?? actor;
  }

  _ask() {
    const input = h("input", { id: "f-view", type: "text", maxlength: 80, required: true, autocomplete: "off" });
    const onsubmit = (event) => {
      event.preventDefault();
      this._save(input.value.trim());
    };
    const send = h("button", { type: "submit", class: "button primary" }, t("Save"));
    openDialog(
      t("Save this view"),
      h("form", { class: "form", onsubmit }, field("f-view", t("Name"), input), h("div", { class: "actions" }, send)),
    );
    input.focus();
  }

  async _save(name) {
    try {
      await post("/api/views", { name, query: this.desk.store.get().query });
      closeDialog();
      announce(t("Saved: {name}", { name }));
      await this.start();
    } catch (error) {
      this.desk.failed(error);
    }
  }

  async _forget(id) {
    try {
      await remove(`/api/views/${id}`);
      await this.start();
    } catch (error) {
      this.desk.failed(error);
    }
  }
}
