// The scores of the office: response, solution and satisfaction, each with what it was reckoned from.
import { get, post } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { nameOf, number, percent, t, time } from "../i18n.js";
import { closeDialog, openDialog } from "./dialog.js";
import { emptyNote, loadingNote, troubleNote } from "./states.js";

const MOST = 500;
const FIGURES = {
  response_rate: () => t("Response rate"),
  solution_rate: () => t("Solution rate"),
  satisfaction_rate: () => t("Satisfaction rate"),
  on_time_rate: () => t("On time"),
  return_rate: () => t("Returned"),
  rework_rate: () => t("Redone"),
  opened: () => t("Filed"),
  closed: () => t("Closed"),
  overdue_open: () => t("Overdue"),
};
const PERIODS = { week: () => t("Week"), month: () => t("Month"), quarter: () => t("Quarter"), year: () => t("Year") };
const DIMENSIONS = {
  street: () => t("Streets"),
  community: () => t("Communities"),
  cell: () => t("Cells"),
  department: () => t("Departments"),
  category: () => t("Categories"),
};

export class Scores {
  constructor(desk) {
    Object.assign(this, { desk, period: "month", dimension: "community", turn: 0 });
    this.box = h("div", { class: "scores" });
  }

  show(container) {
    fill(container, this.box);
  }

  update() {}

  async load() {
    this.turn += 1;
    const { turn } = this;
    fill(this.box, this._choices(), loadingNote());
    try {
      const told = await get("/api/scores", { period: this.period, dimension: this.dimension });
      if (turn === this.turn) fill(this.box, this._choices(), this._table(told));
    } catch (error) {
      if (turn === this.turn)
        fill(
          this.box,
          this._choices(),
          error.code === "not_ready" || error.status === 404 ? this._none() : troubleNote(error, () => this.load()),
        );
    }
  }

  _choices() {
    return h("div", { class: "scores-head" }, this._segments("period", PERIODS), this._segments("dimension", DIMENSIONS));
  }

  _segments(name, words) {
    const choose = (value) => () => {
      this[name] = value;
      this.load();
    };
    const option = (value) =>
      h(
        "button",
        { type: "button", class: "segment", "aria-pressed": String(value === this[name]), onclick: choose(value) },
        words[value](),
      );
    return h("div", { class: "segments", role: "group" }, Object.keys(words).map(option));
  }

  _none() {
    return emptyNote(
      t("This period has not been reckoned yet."),
      h("button", { type: "button", class: "button small", onclick: () => this._reckon() }, icon("again"), t("Reckon now")),
    );
  }

  async _reckon() {
    try {
      await post("/api/scores", { period: this.period });
      await this.load();
    } catch (error) {
      this.desk.failed(error);
    }
  }

  // The first column stays while the figures scroll.
  _table({ run, scores }) {
    const heads = Object.entries(FIGURES).map(([figure, words]) => h("th", { "data-figure": figure }, words()));
    const note = t("{from} to {to}, reckoned {when} from {count} cases", {
      from: run.from,
      to: run.to,
      when: time(run.reckoned_at),
      count: number(run.cases),
    });
    const again = h(
      "button",
      { type: "button", class: "button small", onclick: () => this._reckon() },
      icon("again"),
      t("Reckon now"),
    );
    return [
      h("p", { class: "quiet scores-note" }, note, again),
      h(
        "div",
        { class: "scores-table" },
        h(
          "table",
          {},
          h("thead", {}, h("tr", {}, h("th", {}, DIMENSIONS[this.dimension]()), heads)),
          h(
            "tbody",
            {},
            scores.map((one) => this._line(one, run)),
          ),
        ),
      ),
    ];
  }

  _line(one, run) {
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, nameOf(one)),
      Object.keys(FIGURES).map((figure) => this._figure(one, figure, run)),
    );
  }

  // A share with what it was taken over; pressed, it shows the cases.
  _figure(one, figure, run) {
    const told = one.figures[figure];
    if (!told || told.value === null) return h("td", { class: "quiet" }, "–");
    const isShare = figure.endsWith("_rate");
    const bar = h("span", { class: "rate-bar", "aria-hidden": "true" });
    bar.style.width = `${isShare ? told.value * 100 : 0}%`;
    const press = { type: "button", class: "figure", "data-figure": figure, onclick: () => this._behind(one, figure, run) };
    const parts = isShare && h("span", { class: "quiet" }, `${number(told.numerator)} / ${number(told.denominator)}`);
    return h(
      "td",
      {},
      h("button", press, h("strong", {}, isShare ? percent(told.value) : number(told.value)), parts, isShare && bar),
    );
  }

  async _behind(one, figure, { run }) {
    const title = `${nameOf(one)} · ${FIGURES[figure]()}`;
    openDialog(title, loadingNote());
    try {
      const { rows, next } = await get(`/api/scores/${run}/${this.dimension}/${encodeURIComponent(one.key)}/${figure}/rows`, {
        limit: MOST,
      });
      openDialog(
        title,
        h(
          "ul",
          { class: "results-list" },
          rows.map((row) => this._case(row)),
        ),
        next && h("p", { class: "quiet" }, t("The first {count}.", { count: number(MOST) })),
      );
    } catch (error) {
      openDialog(
        title,
        troubleNote(error, () => this._behind(one, figure, { run })),
      );
    }
  }

  _case({ id, counts }) {
    const open = () => {
      closeDialog();
      this.desk.open(id);
    };
    return h(
      "li",
      { class: counts ? "is-ok" : "is-not" },
      icon(counts ? "check" : "close"),
      h("button", { type: "button", class: "link", onclick: open }, t("Case {id}", { id })),
      h("span", { class: "quiet" }, counts ? t("counts") : t("does not count")),
    );
  }
}
