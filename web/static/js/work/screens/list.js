// The worker's cases as cards: by when they are due, by how far they are, or in the order of a walk.
import { categoryOf } from "../../desk/card.js";
import { sign } from "../../desk/signs.js";
import { emptyNote } from "../../desk/states.js";
import { leftOf, leftWords } from "../../desk/time.js";
import { h, icon } from "../../dom.js";
import { t } from "../../i18n.js";
import { STATE, say } from "../../ui/words.js";
import { farWords, metresBetween } from "../distance.js";
import { Walk } from "../walk.js";
import { wayWords } from "../ways.js";

const MINUTE_MS = 60_000;
const AT_ONCE = 30; // cards made in one go; the others follow when there is time
const SORTS = { due: () => t("By time left"), near: () => t("Nearest first"), walk: () => t("Next best") };

export function open(root, phone) {
  const screen = new List(root, phone);
  return () => screen.leave();
}

class List {
  constructor(root, phone) {
    Object.assign(this, { phone, sort: localStorage.getItem("wangge-work-sort") ?? "due", cards: new Map(), walk: new Walk() });
    this.none = h("li", {}, emptyNote(t("No open cases. Well done.")));
    this.segments = Object.entries(SORTS).map(([name, words]) => this._segment(name, words()));
    this.chooser = h("div", { class: "segments", role: "group", "aria-label": t("Order") }, this.segments);
    this.box = h("ul", { class: "cases" });
    root.append(this.chooser, this.box);
    this.off = phone.state.on(["cases", "position"], (_now, change) => this._changed(change));
    this.clock = setInterval(() => this.draw(), MINUTE_MS);
    this.draw();
    this._settle();
  }

  leave() {
    this.off();
    this.unlocate?.();
    clearInterval(this.clock);
    clearTimeout(this.later);
  }

  _changed(change) {
    if ("cases" in change || this.sort !== "due") this.draw();
  }

  _choose(sort) {
    this.sort = sort;
    localStorage.setItem("wangge-work-sort", sort);
    this._settle();
    this.draw();
  }

  // The phone is asked where it is only for what needs it.
  _settle() {
    this.unlocate?.();
    this.unlocate = this.sort === "due" ? null : this.phone.locate();
  }

  draw() {
    clearTimeout(this.later);
    for (const one of this.segments) one.setAttribute("aria-pressed", String(one.dataset.sort === this.sort));
    const { cases, position } = this.phone.state.get();
    const ways = this.sort === "walk" ? this._ways() : new Map();
    const rows = sorted(cases, this.sort, position, [...ways.keys()]);
    put(this.box, rows.length ? this._cards(rows, position, ways) : [this.none]);
  }

  // As many as are known, and some new ones. One that has changed stays as it was until it is its turn.
  _cards(rows, position, ways) {
    const shown = [];
    let left = AT_ONCE;
    for (const row of rows) {
      const words = this._words(row, position, ways.get(row.id));
      const known = this.cards.get(row.id);
      const isNew = known?.told !== words.told;
      if (isNew && left > 0) this.cards.set(row.id, { told: words.told, card: card(row, words) });
      if (isNew) left -= 1;
      if (!this.cards.has(row.id)) break;
      shown.push(this.cards.get(row.id).card);
    }
    if (left < 0) this.later = setTimeout(() => this.draw());
    return shown;
  }

  // By the case, in the order of the walk: how far it is from the one before.
  _ways() {
    const { bundle } = this.phone.state.get();
    const steps = this.walk.update(this.phone.state.get());
    const words = ({ metres }, index) => (index === 0 && !this.walk.from ? "" : wayWords(metres, bundle));
    return new Map(steps.map((step, index) => [step.row.id, words(step, index)]));
  }

  _segment(name, words) {
    return h("button", { type: "button", "data-sort": name, onclick: () => this._choose(name) }, words);
  }

  // What a card says that changes; `told`: all of it.
  _words(row, position, way) {
    const left = leftOf(row);
    const far = way ?? (position && farWords(metresBetween(position, row)));
    const time = leftWords(row);
    return { left, far, time, told: JSON.stringify([row.seq, row.state, row.waiting, row.refused, left, time, far]) };
  }
}

// Touches nothing where nothing has changed, so that nobody loses his place.
function put(box, cards) {
  const isSame = cards.length === box.children.length && cards.every((one, index) => one === box.children[index]);
  if (!isSame) box.replaceChildren(...cards);
}

const SORT_BY = {
  due: (a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9") || a.id - b.id,
};

// `walk`: ids in the order of the walk.
function sorted(cases, sort, position, walk) {
  const here = cases.filter(({ isLeaving }) => !isLeaving);
  const gone = cases.filter(({ isLeaving }) => isLeaving);
  const far = (row) => metresBetween(position, row);
  const by = sort === "near" && position ? (a, b) => far(a) - far(b) : SORT_BY.due;
  if (sort === "walk") return [...walk.map((id) => here.find((row) => row.id === id)), ...gone];
  return [...here.sort(by), ...gone];
}

function card(row, { left, far, time }) {
  const state = row.isLeaving ? t("Waiting to be sent") : say(STATE, row.state);
  return h(
    "li",
    {},
    h(
      "a",
      { class: `case-card is-${left}${row.isLeaving ? " is-leaving" : ""}`, href: `#case/${row.id}`, "data-id": row.id },
      h("span", { class: "case-name" }, categoryOf(row)),
      h("span", { class: `case-left is-${left}` }, sign(left), time),
      h("span", { class: "case-told" }, row.description || t("No description.")),
      h("span", { class: "case-facts" }, h("span", { class: `state-tag is-${row.state}` }, state), far && h("span", {}, far), row.cell && h("span", {}, row.cell.name ?? row.cell.code)),
      (row.waiting > 0 || row.refused > 0) && h("span", { class: "case-waits" }, icon(row.refused ? "alert" : "clock"), row.refused ? t("Not carried out") : t("Waiting to be sent")),
    ),
  );
}
