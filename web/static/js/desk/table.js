// The table: rows of one height, of which only those in sight are in the document.
import { fill, h, icon } from "../dom.js";
import { nameOf, number, t } from "../i18n.js";
import { token } from "../tokens.js";
import { categoryOf, holderOf } from "./card.js";
import { sign } from "./signs.js";
import { emptyNote, loadingNote, troubleNote } from "./states.js";
import { leftOf, leftWords, when } from "./time.js";
import { SORT, STATE, say } from "./words.js";

const BEYOND = 8; // rows kept above and below the window
const NARROW_PX = 900;
const SORTED_BY = { left: "due", filed: ["-filed", "filed"], holder: "-held", id: "id" };

export class Table {
  constructor(desk) {
    this.desk = desk;
    this.space = h("div", { class: "rows-space" });
    this.head = h("div", { class: "thead", role: "row" });
    this.box = h(
      "div",
      { class: "table", role: "grid", tabindex: "0", "aria-label": t("Cases"), "aria-rowcount": -1 },
      this.head,
      this.space,
    );
    this.box.addEventListener("scroll", () => this._draw(), { passive: true });
    new ResizeObserver(() => this._draw()).observe(this.box);
  }

  show(container) {
    fill(container, this.box);
    this.update();
  }

  update() {
    this._heading();
    this._draw();
  }

  load() {
    this.box.scrollTop = 0;
    return this.desk.rows.load(this.desk.store.get().query);
  }

  refresh(ids) {
    return this.desk.rows.refresh(ids);
  }

  mark() {
    this._heading();
    this._draw();
  }

  order() {
    return this.desk.rows.list.map(({ id }) => id);
  }

  _height() {
    return parseInt(token(window.innerWidth < NARROW_PX ? "size-row-narrow" : "size-row"), 10);
  }

  _heading() {
    const { query } = this.desk.store.get();
    const columns = [
      ["left", t("Time left")],
      ["what", t("What")],
      ["state", t("State")],
      ["place", t("Where")],
      ["holder", t("Held by")],
      ["filed", t("Filed")],
      ["id", t("Number")],
    ];
    fill(
      this.head,
      this._markAll(),
      columns.map(([key, text]) => this._column(key, text, query.sort ?? "due")),
    );
  }

  _column(key, text, sort) {
    const choices = [SORTED_BY[key] ?? []].flat();
    const isSorted = choices.includes(sort);
    const next = choices[(choices.indexOf(sort) + 1) % choices.length];
    const direction = isSorted && (sort === "-filed" ? "descending" : "ascending");
    const press = { type: "button", title: say(SORT, next), onclick: () => this.desk.filter({ sort: next }) };
    const content = next ? h("button", press, text, isSorted && icon(sort === "-filed" ? "down" : "up")) : text;
    return h("div", { class: `cell c-${key}`, role: "columnheader", "aria-sort": direction || null }, content);
  }

  _markAll() {
    const { marked, isAllMarked } = this.desk.store.get();
    const onclick = () => (isAllMarked || marked.size ? this.desk.unmark() : this.desk.markAll());
    const box = h("input", { type: "checkbox", "aria-label": t("Select all that the filters leave"), onclick });
    box.checked = isAllMarked;
    box.indeterminate = !isAllMarked && marked.size > 0;
    return h("div", { class: "cell c-mark", role: "columnheader" }, h("label", { class: "tick" }, box));
  }

  _draw() {
    const { rows } = this.desk;
    const height = this._height();
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - BEYOND);
    const last = Math.min(rows.list.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + BEYOND);
    this.space.style.height = `${rows.list.length * height}px`;
    fill(
      this.space,
      rows.list.slice(first, last).map((row, index) => this._row(row, first + index, height)),
      this._note(),
    );
    this.box.setAttribute("aria-rowcount", String(rows.total?.count ?? -1));
    if (last + BEYOND * 2 >= rows.list.length) rows.more();
  }

  _note() {
    const { rows, store } = this.desk;
    if (rows.trouble) return troubleNote(rows.trouble, () => rows.load(rows.query));
    if (rows.list.length) return null;
    if (rows.isLoading || !rows.query) return loadingNote();
    const clear = h(
      "button",
      { type: "button", class: "button small", onclick: () => this.desk.clear() },
      t("Clear the filters"),
    );
    return emptyNote(t("No case fits these filters."), Object.keys(store.get().query).length > 0 && clear);
  }

  _row(row, index, height) {
    const { focused, picked, marked, isAllMarked } = this.desk.store.get();
    const isMarked = isAllMarked || marked.has(row.id);
    const looks = ["row", row.id === focused && "is-focused", row.id === picked && "is-picked", isMarked && "is-marked"];
    const line = h(
      "div",
      {
        class: looks.filter(Boolean).join(" "),
        role: "row",
        id: `row-${row.id}`,
        "data-id": row.id,
        "aria-rowindex": index + 2,
        "aria-selected": String(isMarked),
        onclick: (event) => this.desk.clicked(row.id, event),
      },
      this._tick(row, isMarked),
      cellsOf(row),
    );
    line.style.transform = `translateY(${index * height}px)`;
    return line;
  }

  _tick(row, isMarked) {
    const onclick = (event) => {
      event.stopPropagation();
      this.desk.mark(row.id, event.shiftKey);
    };
    const box = h("input", { type: "checkbox", "aria-label": t("Select case {id}", { id: row.id }), tabindex: "-1" });
    box.checked = isMarked;
    return h(
      "div",
      { class: "cell c-mark", role: "gridcell" },
      h("label", { class: "tick", onclick: (event) => event.stopPropagation() }, Object.assign(box, { onclick })),
    );
  }

  reveal(id) {
    const index = this.desk.rows.list.findIndex((row) => row.id === id);
    if (index < 0) return;
    const height = this._height();
    const [top, bottom] = [index * height, (index + 1) * height + this.head.offsetHeight];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (bottom > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = bottom - this.box.clientHeight;
    this._draw();
    this.box.setAttribute("aria-activedescendant", `row-${id}`);
  }
}

function cellsOf(row) {
  const left = leftOf(row);
  const cell = (key, ...content) => h("div", { class: `cell c-${key}`, role: "gridcell" }, ...content);
  return [
    cell("left", h("span", { class: `time-left is-${left}` }, sign(left), h("span", {}, leftWords(row)))),
    cell("what", h("strong", {}, categoryOf(row)), h("span", { class: "quiet" }, row.description)),
    cell("state", say(STATE, row.state)),
    cell("place", [row.community ?? row.street].filter(Boolean).map(nameOf)[0] ?? t("Outside every community")),
    cell("holder", row.holder ? holderOf(row.holder) : t("Nobody yet")),
    cell("filed", when(row.filed_at)),
    cell("id", number(row.id).replaceAll(",", "")),
  ];
}
