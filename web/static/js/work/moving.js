// The sheet of one move: what has to be told with it, from lists where there are some, and pictures; then into the outbox.
import { callerName } from "../desk/people.js";
import { MOVE, say } from "../desk/words.js";
import { h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { moveOf } from "./deeds.js";
import { Pictures } from "./pictures.js";
import { say as announce } from "./said.js";
import { closeSheet, openSheet } from "./sheet.js";

const LONGEST = 2000;
const FIELDS = {
  finish: ["pictures", "reason"],
  verify: ["pictures", "reason"],
  reject: ["pictures", "reason"],
  return: ["reason"],
  hand_over: ["to", "reason"],
  ask_help: ["to", "reason"],
  help: ["reason"],
  ask_extension: ["limit", "reason"],
  escalate: ["reason"],
  note: ["reason", "pictures"],
};
const LISTS = { ask_help: "help" }; // where the list of reasons has another name than the move
const LIMITS = ["4wh", "1wd", "2wd", "5wd"];
const LIMIT_WORDS = {
  "4wh": () => t("{count} working hours", { count: 4 }),
  "1wd": () => t("{count} working days", { count: 1 }),
  "2wd": () => t("{count} working days", { count: 2 }),
  "5wd": () => t("{count} working days", { count: 5 }),
};

export function isKnown(event) {
  return event === "accept" || event in FIELDS;
}

// At once, without a question.
export async function moveAtOnce(phone, row, event) {
  await phone.outbox.add(moveOf(row, event, { position: phone.state.get().position }));
  announceDone(phone, event);
}

// Without signal nothing is done yet, but nothing is lost either.
function announceDone(phone, event) {
  const { isOnline } = phone.state.get();
  announce(isOnline ? t("{move}: done.", { move: say(MOVE, event) }) : t("Stored. It goes out as soon as there is a signal."));
}

export class MoveSheet {
  // `files`: pictures that were taken before.
  constructor(phone, row, { event, needs }, files = []) {
    Object.assign(this, { phone, row, event, needs, told: {} });
    this.pictures = new Pictures();
    this.unlocate = phone.locate();
    this._open();
    this.pictures.add(files);
  }

  _open() {
    this.trouble = h("p", { class: "problem", role: "alert", hidden: true });
    const fields = FIELDS[this.event].map((name) => PARTS[name](this));
    const send = h("button", { type: "submit", class: "button primary wide" }, icon("send"), say(MOVE, this.event));
    const onsubmit = (event) => {
      event.preventDefault();
      this._send();
    };
    openSheet(say(MOVE, this.event), h("form", { class: "form", "data-event": this.event, onsubmit }, fields, this.trouble, send));
  }

  async _send() {
    const pictures = await this.pictures.ready();
    const reason = [this.told.chosen, this.told.text?.trim()].filter(Boolean).join("：");
    const told = { ...(reason && { reason }), ...(this.told.to && { to: this.told.to }), ...(this.told.limit && { limit: this.told.limit }) };
    const { position } = this.phone.state.get();
    const missing = this._missing({ ...told, photos: pictures.length, at_lon: position, at_lat: position });
    if (missing) return this._complain(missing);
    await this.phone.outbox.add(moveOf(this.row, this.event, { told, pictures, position }));
    this.unlocate();
    closeSheet();
    announceDone(this.phone, this.event);
    return this.phone.go("list");
  }

  _missing(told) {
    return this.needs.filter((name) => !told[name]).map((name) => MISSING[name]?.() ?? name)[0];
  }

  _complain(words) {
    this.trouble.textContent = words;
    this.trouble.hidden = false;
  }
}

const MISSING = {
  reason: () => t("Please give a reason."),
  to: () => t("Please choose who."),
  limit: () => t("Please choose how much more time."),
  photos: () => t("Please add a photo."),
  at_lon: () => t("The phone does not know yet where you stand. Please wait a moment."),
};

const PARTS = {
  reason(sheet) {
    const { bundle } = sheet.phone.state.get();
    const list = bundle?.reasons[LISTS[sheet.event] ?? sheet.event] ?? [];
    const oninput = ({ target }) => (sheet.told.text = target.value);
    const words = list.length ? t("More about it") : t("Reason or note");
    const text = h("label", { class: "form-field" }, h("span", {}, words), h("textarea", { rows: 2, maxlength: LONGEST, name: "reason", oninput }));
    return [list.length > 0 && radios("why", t("Reason"), list.map((one) => [one.name, nameOf(one)]), (value) => (sheet.told.chosen = value)), text];
  },
  to(sheet) {
    const { bundle, me } = sheet.phone.state.get();
    const people = (bundle?.colleagues ?? []).filter(({ actor }) => actor !== me.actor);
    const all = [...people, ...(bundle?.desk ? [bundle.desk] : [])];
    return radios("to", t("To whom"), all.map((one) => [one.actor, [callerName(one), h("span", { class: "quiet" }, one.code)]]), (value) => (sheet.told.to = value));
  },
  limit: (sheet) => radios("limit", t("How much more"), LIMITS.map((code) => [code, LIMIT_WORDS[code]()]), (value) => (sheet.told.limit = value)),
  pictures: (sheet) => sheet.pictures.element,
};

function radios(name, words, pairs, take) {
  const one = ([value, shown]) => h("label", { class: "option" }, h("input", { type: "radio", name, value, onchange: () => take(value) }), h("span", {}, shown));
  return h("fieldset", { class: "options" }, h("legend", {}, words), pairs.map(one));
}
