// The worker's cases as cards: by when they are due, by how far they are, or in the order of a walk.
import { categoryOf } from "../../desk/card.js";
import { sign } from "../../desk/signs.js";
import { emptyNote } from "../../desk/states.js";
import { leftOf, leftWords } from "../../desk/time.js";
import { fill, h, icon } from "../../dom.js";
import { t } from "../../i18n.js";
import { STATE, say } from "../../ui/words.js";
import { metresBetween } from "../distance.js";
import { Walk } from "../walk.js";
import { wayWords } from "../ways.js";

const MINUTE_MS = 60_000;
const AT_ONCE = 30; // cards made before the first picture; the others follow
const SORTS = { due: () => t("By time left"), near: () => t("Nearest first"), walk: () => t("Next best") };

export function open(root, phone) {
  const screen = new List(root, phone);
  return () => screen.leave();
}

class List {
  constructor(root, phone) {
    Object.assign(this, { phone, sort: localStorage.getItem("wangge-work-sort") ?? "due", cards: new Map(), walk: new Walk() });
    this.chooser = h("div", { class: "segments", role: "group", "aria-label": t("Order") });
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
    fill(this.chooser, Object.entries(SORTS).map(([name, words]) => this._segment(name, words())));
    const { cases, position } = this.phone.state.get();
    const ways = this.sort === "walk" ? this._ways() : new Map();
    const rows = sorted(cases, this.sort, position, [...ways.keys()]);
    if (!rows.length) return fill(this.box, h("li", {}, emptyNote(t("No open cases. Well done."))));
    const cards = rows.map((row) => this._card(row, position, ways.get(row.id)));
    fill(this.box, cards);
    return null;
  }

  // By the case, in the order of the walk: how far it is from the one before.
  _ways() {
    const { bundle } = this.phone.state.get();
    const steps = this.walk.update(this.phone.state.get());
    const words = ({ metres }, index) => (index === 0 && !this.walk.from ? "" : wayWords(metres, bundle));
    return new Map(steps.map((step, index) => [step.row.id, words(step, index)]));
  }

  _segment(name, words) {
    return h("button", { type: "button", "aria-pressed": String(name === this.sort), onclick: () => this._choose(name) }, words);
  }

  // Made anew only when something of it has changed.
  _card(row, position, way) {
    const left = leftOf(row);
    const far = way ?? (position && `${Math.round(metresBetween(position, row) / 10) * 10} m`);
    const told = JSON.stringify([row.seq, row.state, row.waiting, row.refused, left, leftWords(row), far]);
    const known = this.cards.get(row.id);
    if (known?.told === told) return known.card;
    const card = draw(row, left, far);
    this.cards.set(row.id, { told, card });
    return card;
  }
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

function draw(row, left, far) {
  const state = row.isLeaving ? t("Waiting to be sent") : say(STATE, row.state);
  return h(
    "li",
    {},
    h(
      "a",
      { class: `case-card is-${left}${row.isLeaving ? " is-leaving" : ""}`, href: `#case/${row.id}`, "data-id": row.id },
      h("span", { class: "case-name" }, categoryOf(row)),
      h("span", { class: `case-left is-${left}` }, sign(left), leftWords(row)),
      h("span", { class: "case-told" }, row.description || t("No description.")),
      h("span", { class: "case-facts" }, h("span", { class: `state-tag is-${row.state}` }, state), far && h("span", {}, far), row.cell && h("span", {}, row.cell.name ?? row.cell.code)),
      (row.waiting > 0 || row.refused > 0) && h("span", { class: "case-waits" }, icon(row.refused ? "alert" : "clock"), row.refused ? t("Not carried out") : t("Waiting to be sent")),
    ),
  );
}
