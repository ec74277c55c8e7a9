// One case on the phone: what and where, whom to call, and what can be done, within reach of the thumb.
import { categoryOf } from "../../desk/card.js";
import { sign } from "../../desk/signs.js";
import { emptyNote } from "../../desk/states.js";
import { leftOf, leftWords, when } from "../../desk/time.js";
import { MOVE, SOURCE, STATE, say } from "../../desk/words.js";
import { fill, h, icon } from "../../dom.js";
import { nameOf, t } from "../../i18n.js";
import { rows } from "../../ui/parts.js";
import { farWords, metresBetween } from "../distance.js";
import { MoveSheet, isKnown, moveAtOnce } from "../moving.js";
import { takePicture } from "../pictures.js";
import { askWhichMap, askWhyToCall } from "../reaching.js";
import { choices, closeSheet, openSheet } from "../sheet.js";

const FIRST = ["accept", "finish", "verify", "help"]; // what a case waits for
const SECOND = ["return", "reject"];
const WITH_PICTURE = ["finish", "verify"]; // begun by taking a picture

export function open(root, phone, id) {
  const screen = new One(root, phone, Number(id));
  const off = phone.state.on(["cases", "pending", "position"], () => screen.draw());
  const unlocate = phone.locate();
  screen.draw();
  return () => {
    off();
    unlocate();
    closeSheet();
  };
}

class One {
  constructor(root, phone, id) {
    Object.assign(this, { phone, id });
    this.facts = h("div", { class: "case" });
    this.bar = h("div", { class: "case-bar" });
    root.append(this.facts, this.bar);
  }

  draw() {
    const { cases, position } = this.phone.state.get();
    const row = cases.find((one) => one.id === this.id);
    const told = JSON.stringify([row, position && row && Math.round(metresBetween(position, row) / 10)]);
    if (told === this.told) return;
    this.told = told;
    fill(this.facts, row ? this._facts(row, position) : emptyNote(t("This case is no longer with you."), h("a", { class: "button outlined", href: "#list" }, t("My cases"))));
    fill(this.bar, row ? this._bar(row) : []);
  }

  _facts(row, position) {
    const left = leftOf(row);
    const metres = position && Math.round(metresBetween(position, row));
    const places = [row.community, row.cell].filter(Boolean).map(nameOf).join(" › ");
    return [
      h("h2", {}, categoryOf(row)),
      h("p", { class: "case-line" }, h("span", { class: `case-left is-${left}` }, sign(left), h("strong", {}, leftWords(row))), h("span", { class: `state-tag is-${row.state}` }, say(STATE, row.state))),
      waits(row),
      h("p", { class: "told" }, row.description || t("No description.")),
      photos(row.photos),
      this._ways(row),
      rows([t("Where it is"), places || null], [t("Distance"), metres && farWords(metres)], [t("Due"), row.due_at && when(row.due_at)], [t("Reported"), when(row.filed_at)], [t("Source"), say(SOURCE, row.source)], [t("Reporter"), row.contact && [row.contact.name, row.contact.phone].filter(Boolean).join(" ")]),
    ];
  }

  _ways(row) {
    const way = (name, words, onclick) => h("button", { type: "button", class: "way", onclick }, icon(name), h("span", {}, words));
    return h(
      "div",
      { class: "ways" },
      row.contact?.phone && way("call", t("Call"), () => askWhyToCall(this.phone, row)),
      way("navigate", t("Navigate"), () => askWhichMap(row, categoryOf(row))),
      way("map", t("On the map"), () => this.phone.go(`map/${row.id}`)),
    );
  }

  // The two that matter, then all others.
  _bar(row) {
    const known = row.moves.filter(({ event }) => isKnown(event));
    const main = known.find(({ event }) => FIRST.includes(event));
    const second = known.find(({ event }) => SECOND.includes(event));
    const others = known.filter((move) => move !== main && move !== second);
    if (main && WITH_PICTURE.includes(main.event) && !main.needs.includes("photos")) others.push({ ...main, isPlain: true });
    return [
      others.length > 0 && h("button", { type: "button", class: "button outlined", onclick: () => this._others(row, others) }, icon("more"), h("span", { class: "for-ears" }, t("More"))),
      second && h("button", { type: "button", class: "button outlined", "data-move": second.event, onclick: () => this._ask(row, second) }, say(MOVE, second.event)),
      main && this._main(row, main),
    ];
  }

  _main(row, move) {
    const look = "button primary";
    if (WITH_PICTURE.includes(move.event)) {
      const button = takePicture(t("{move} with photo", { move: say(MOVE, move.event) }), (files) => new MoveSheet(this.phone, row, move, files), look);
      button.dataset.move = move.event;
      return button;
    }
    return h("button", { type: "button", class: look, "data-move": move.event, onclick: () => this._ask(row, move) }, icon("check"), say(MOVE, move.event));
  }

  _ask(row, move) {
    return move.event === "accept" ? moveAtOnce(this.phone, row, "accept") : new MoveSheet(this.phone, row, move);
  }

  _others(row, moves) {
    const words = ({ event, isPlain }) => (isPlain ? t("{move} without photo", { move: say(MOVE, event) }) : say(MOVE, event));
    openSheet(t("More moves"), choices(moves.map((move) => [words(move), () => this._ask(row, move)])));
  }
}

function waits({ waiting, refused }) {
  if (refused) return h("p", { class: "work-note" }, icon("alert"), h("span", {}, t("Something you did here could not be carried out.")), h("a", { class: "button small", href: "#pending" }, t("Look")));
  return waiting ? h("p", { class: "case-waits" }, icon("clock"), t("Waiting to be sent")) : null;
}

function photos(list) {
  if (!list.length) return null;
  const one = ({ id, width, height }) => h("li", {}, h("img", { src: `/api/photos/${id}`, width, height, loading: "lazy", alt: t("Photo {id}", { id }) }));
  return h("ul", { class: "photos" }, list.map(one));
}
