// One decision for many cases: those that are marked, or all that the filters leave. Each row tells what came of it.
import { get, newKey, post, wordsOf } from "../api.js";
import { byId, fill, h, icon } from "../dom.js";
import { number, t } from "../i18n.js";
import { actorField } from "./choosing.js";
import { closeDialog, openDialog } from "./dialog.js";
import { field } from "./filters.js";
import { without } from "./query.js";
import { say as announce } from "./said.js";
import { MOVE, say } from "./words.js";

const OFFERED = ["assign", "extend", "link", "close"];
const ICONS = { assign: "person", extend: "clock", link: "link", close: "check" };
const UNDONE = "assign";

export class Bulk {
  constructor(desk) {
    Object.assign(this, { desk, box: byId("bulk"), total: null });
  }

  // The bar shows what is selected and what can be done with it.
  update() {
    const { marked, isAllMarked, query } = this.desk.store.get();
    this.box.hidden = !marked.size && !isAllMarked;
    if (this.box.hidden) return;
    if (isAllMarked) this._count(query);
    const count = h(
      "strong",
      { class: "bulk-count" },
      isAllMarked ? this._total() : t("{count} selected", { count: number(marked.size) }),
    );
    const move = (event) =>
      h(
        "button",
        { type: "button", class: "button small", "data-bulk": event, onclick: () => this._ask(event) },
        icon(ICONS[event]),
        say(MOVE, event),
      );
    fill(
      this.box,
      count,
      OFFERED.map(move),
      h("span", { class: "grow" }),
      h(
        "button",
        { type: "button", id: "unmark", class: "button small plain", onclick: () => this.desk.unmark() },
        t("Clear"),
        h("kbd", {}, "Esc"),
      ),
    );
  }

  _total() {
    return this.total
      ? t("All {count} that the filters leave", { count: `${number(this.total.count)}${this.total.is_exact ? "" : "+"}` })
      : t("All that the filters leave");
  }

  async _count(query) {
    const asked = JSON.stringify(query);
    if (this.asked === asked) return;
    Object.assign(this, { asked, total: null });
    this.total = await get("/api/cases/count", { ...query, sort: null }).catch(() => null);
    if (this.asked === asked) this.update();
  }

  _ask(event) {
    const told = {};
    this.key = newKey();
    const onsubmit = (submitted) => {
      submitted.preventDefault();
      this._send(event, told, submitted.target);
    };
    const send = h("button", { type: "submit", class: "button primary" }, icon("send"), say(MOVE, event));
    openDialog(
      `${say(MOVE, event)} · ${this.box.querySelector(".bulk-count").textContent}`,
      h(
        "form",
        { class: "form", id: "bulk-form", onsubmit },
        FIELDS[event](told),
        reason(told),
        h("p", { class: "problem", role: "alert", hidden: true }),
        h("div", { class: "actions" }, send),
      ),
    );
  }

  async _send(event, told, form) {
    const send = form.querySelector("[type=submit]");
    send.disabled = true;
    try {
      const { id, results } = await post(
        "/api/cases/bulk",
        { event, ...told, ...this._wanted() },
        { "Idempotency-Key": this.key },
      );
      this._tell(event, id, results);
    } catch (error) {
      send.disabled = false;
      Object.assign(form.querySelector(".problem"), { textContent: error.message, hidden: false });
    }
  }

  // The marked ones, or all that the filters leave when the server comes to it.
  _wanted() {
    const { isAllMarked, marked, query } = this.desk.store.get();
    return isAllMarked ? { where: without(query, "sort") } : { ids: [...marked] };
  }

  _tell(event, id, results) {
    const failed = results.filter(({ ok }) => !ok);
    const done = results.length - failed.length;
    const words = t("{done} done, {failed} not", { done: number(done), failed: number(failed.length) });
    const undo =
      event === UNDONE &&
      done > 0 &&
      h(
        "button",
        { type: "button", id: "undo", class: "button small", onclick: () => this._undo(id) },
        icon("again"),
        t("Undo the assignment"),
      );
    openDialog(say(MOVE, event), h("p", { class: "bulk-sum" }, h("strong", {}, words)), undo, resultList(results, this.desk));
    this.desk.unmark();
  }

  async _undo(id) {
    try {
      const { results } = await post(`/api/bulk/${id}/undo`, {});
      const failed = results.filter(({ ok }) => !ok);
      if (failed.length) openDialog(t("Undo the assignment"), resultList(results, this.desk));
      else closeDialog();
      announce(t("{count} assignments undone.", { count: number(results.length - failed.length) }));
    } catch (error) {
      this.desk.failed(error);
    }
  }
}

const FIELDS = {
  assign: (told) => actorField("bulk-to", t("To whom"), "", (one) => (told.to = one?.actor), { required: true }),
  extend: (told) => {
    const parts = { amount: 1, unit: "wd" };
    const put = (change) => (told.limit = `${Object.assign(parts, change).amount}${parts.unit}`);
    put({});
    const unit = h(
      "select",
      { "aria-label": t("Unit"), onchange: (event) => put({ unit: event.target.value }) },
      h("option", { value: "wd" }, t("working days")),
      h("option", { value: "wh" }, t("working hours")),
    );
    return field(
      "bulk-amount",
      t("How much more"),
      h(
        "div",
        { class: "pair" },
        h("input", {
          id: "bulk-amount",
          type: "number",
          min: 1,
          max: 9999,
          value: 1,
          required: true,
          oninput: (event) => put({ amount: event.target.value }),
        }),
        unit,
      ),
    );
  },
  link: (told) =>
    field(
      "bulk-parent",
      t("Number of the parent case"),
      h("input", {
        id: "bulk-parent",
        type: "number",
        min: 1,
        required: true,
        oninput: (event) => (told.parent = Number(event.target.value)),
      }),
    ),
  close: () => null,
};

function reason(told) {
  const oninput = (event) => (told.reason = event.target.value);
  return field(
    "bulk-reason",
    t("One reason for all (needed)"),
    h("textarea", { id: "bulk-reason", rows: 3, maxlength: 2000, required: true, oninput }),
  );
}

// Those that could not be moved first: they are what is left to do.
function resultList(results, desk) {
  const open = (id) => () => {
    closeDialog();
    desk.open(id);
  };
  const line = ({ id, ok, error }) =>
    h(
      "li",
      { class: ok ? "is-ok" : "is-not", "data-id": id },
      icon(ok ? "check" : "alert"),
      h("button", { type: "button", class: "link", onclick: open(id) }, t("Case {id}", { id })),
      h("span", { class: "quiet" }, ok ? t("done") : wordsOf(error)),
    );
  return h("ul", { class: "results-list" }, [...results].sort((a, b) => Number(a.ok) - Number(b.ok)).map(line));
}
