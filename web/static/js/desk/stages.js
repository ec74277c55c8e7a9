// The seven stages with their counts, coloured by the time that is left; pressing one leaves its cases only.
import { byId, fill, h } from "../dom.js";
import { number, t } from "../i18n.js";
import { toggled } from "./query.js";
import { LEFT, LEFT_WORDS, leftBar, sign } from "./signs.js";
import { STAGE, STAGES, say } from "./words.js";

export class Stages {
  constructor(desk) {
    this.desk = desk;
    this.box = byId("stages");
    this.counts = {};
    desk.store.on(["query"], () => this._draw());
    this._draw();
  }

  update(board) {
    if (board) this.counts = Object.fromEntries(board.stages.map((one) => [one.stage, one]));
    this._draw();
  }

  _draw() {
    const focused = document.activeElement?.dataset?.stage;
    fill(
      this.box,
      STAGES.map((stage, index) => this._stage(stage, index)),
    );
    if (focused && !this.box.contains(document.activeElement)) this.box.querySelector(`[data-stage="${focused}"]`)?.focus();
  }

  _stage(stage, index) {
    const chosen = this.desk.store.get().query.stage?.split(",") ?? [];
    const counts = this.counts[stage];
    const press = {
      type: "button",
      class: "stage",
      "data-stage": stage,
      "aria-pressed": String(chosen.includes(stage)),
      title: counts ? inWords(counts) : null,
      onclick: (event) => this._press(stage, event),
    };
    return h(
      "button",
      press,
      h(
        "span",
        { class: "stage-name" },
        h("span", { class: "stage-number", "aria-hidden": "true" }, index + 1),
        say(STAGE, stage),
      ),
      h(
        "span",
        { class: "stage-line" },
        h("span", { class: "stage-count" }, counts ? number(counts.count) : "–"),
        this._late(counts),
      ),
      leftBar(counts ?? {}),
    );
  }

  _late(counts) {
    if (!counts?.late) return null;
    return h(
      "span",
      { class: "stage-late" },
      sign("late"),
      number(counts.late),
      h("span", { class: "for-ears" }, t("Overdue")),
    );
  }

  // With Ctrl several at once.
  _press(stage, event) {
    const { query } = this.desk.store.get();
    const several = event.ctrlKey || event.metaKey;
    this.desk.filter({ stage: several ? toggled(query.stage, stage) : query.stage === stage ? null : stage });
  }
}

function inWords(counts) {
  return LEFT.filter((left) => counts[left] > 0)
    .map((left) => `${say(LEFT_WORDS, left)} ${counts[left]}`)
    .join(" · ");
}
