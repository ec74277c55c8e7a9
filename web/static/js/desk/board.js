// The board: a column for each stage, the most urgent cards first.
import { byId, fill, h } from "../dom.js";
import { number, t } from "../i18n.js";
import { card } from "./card.js";
import { emptyNote } from "./states.js";
import { STAGE, STAGES, say } from "./words.js";

export class Board {
  constructor(desk) {
    this.desk = desk;
    this.box = h("div", { class: "board" });
  }

  show(container) {
    fill(container, this.box);
    this.update();
  }

  // Cards are made anew; columns stay where people scrolled them, and the focus on its case.
  update() {
    const { board, store } = this.desk;
    if (!board) return;
    const wanted = store.get().query.stage?.split(",") ?? STAGES;
    const shown = board.stages.filter(({ stage }) => wanted.includes(stage));
    const focused = this.box.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const scrolled = new Map([...this.box.querySelectorAll(".lane")].map((lane) => [lane.dataset.stage, lane.scrollTop]));
    this.box.classList.toggle("is-single", shown.length === 1);
    fill(
      this.box,
      shown.map((one) => this._column(one)),
    );
    for (const lane of this.box.querySelectorAll(".lane")) lane.scrollTop = scrolled.get(lane.dataset.stage) ?? 0;
    if (focused) this.box.querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
  }

  _column({ stage, count, cases }) {
    const rest = count - cases.length;
    const more = { type: "button", class: "link more", onclick: () => this.desk.filter({ stage }, { view: "table" }) };
    return h(
      "section",
      { class: cases.length ? "lane" : "lane is-empty", "data-stage": stage, "aria-label": say(STAGE, stage) },
      cases.map((row) => card(row, this.desk)),
      !cases.length && emptyNote(t("Nothing here")),
      rest > 0 && cases.length > 0 && h("button", more, t("{count} more in the table", { count: number(rest) })),
    );
  }

  // The ids in the order in which keys go through them.
  order() {
    return [...this.box.querySelectorAll(".card")].map((one) => Number(one.dataset.id));
  }

  // One column over: -1 to the left, 1 to the right.
  beside(id, step) {
    const lanes = [...this.box.querySelectorAll(".lane")].filter((lane) => lane.querySelector(".card"));
    const here = lanes.findIndex((lane) => lane.querySelector(`[data-id="${id}"]`));
    const lane = lanes[Math.min(lanes.length - 1, Math.max(0, here + step))];
    return lane ? Number(lane.querySelector(".card").dataset.id) : null;
  }

  reveal(id) {
    this.box.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  mark() {
    const { focused, picked, marked } = this.desk.store.get();
    for (const one of this.box.querySelectorAll(".card")) {
      const id = Number(one.dataset.id);
      one.classList.toggle("is-focused", id === focused);
      one.classList.toggle("is-picked", id === picked);
      one.classList.toggle("is-marked", marked.has(id));
    }
  }

  static container() {
    return byId("content");
  }
}
