// The form by which an element is added or corrected. Of what is masked, a correction shows the mask and changes it only when something
// is typed.
import { byId, h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { KINDS, add, change, titleOf } from "./elements.js";
import { say } from "./said.js";
import { closeSheet, openSheet } from "./sheet.js";

const LONGEST = { title: 100, label: 100, name: 40, phone: 30, home: 200, note: 500 };
const MASKED = ["name", "phone", "home"];
const WORDS = {
  title: () => t("What it is called"),
  label: () => t("What sort"),
  name: () => t("Name"),
  phone: () => t("Telephone"),
  home: () => t("Home"),
  note: () => t("Note"),
};

export function askForElement(phone, kind = "people") {
  const cells = phone.state.get().bundle?.cells ?? [];
  if (kind !== "people") byId("dialog").addEventListener("close", phone.locate(), { once: true });
  const kinds = chosen("kind", t("Kind"), Object.entries(KINDS).map(([code, words]) => [code, words()]), kind, ({ target }) => askForElement(phone, target.value));
  const where = cells.length > 1 && chosen("cell", t("Cell"), cells.map(({ properties }) => [properties.code, nameOf(properties)]), cells[0].properties.code);
  const here = kind !== "people" && h("label", { class: "option" }, h("input", { type: "checkbox", name: "here" }), h("span", {}, t("It is where I stand now")));
  const form = formOf([kinds, where, fieldsFor(kind).map((name) => field(name)), here], (texts, { cell, here: isHere }) => {
    const told = Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
    const { position } = phone.state.get();
    if (isHere && !position) return say(t("The phone does not know yet where you stand. Please wait a moment."));
    const place = isHere && { lon: position.lon, lat: position.lat, datum: "wgs84" };
    return add(phone, { ...told, kind, cell: cell ?? cells[0].properties.code, ...place });
  });
  openSheet(t("Add to the list"), form);
}

export function askForCorrection(phone, row) {
  const fields = fieldsFor(row.kind).map((name) => field(name, row[name]));
  const form = formOf([fields, h("p", { class: "quiet" }, t("What is masked stays as it is unless you write it anew."))], (told) => {
    const changed = Object.entries(told).filter(([name, text]) => (MASKED.includes(name) ? text : text !== (row[name] ?? "")));
    return changed.length ? change(phone, row, Object.fromEntries(changed), t("Correct")) : closeSheet();
  });
  openSheet(`${t("Correct")} · ${titleOf(row)}`, form);
}

// People have a name, all else a title.
function fieldsFor(kind) {
  return kind === "people" ? ["name", "label", "phone", "home", "note"] : ["title", "label", "name", "phone", "note"];
}

function field(name, value) {
  const isMasked = MASKED.includes(name);
  const shown = isMasked ? { placeholder: value ?? "" } : { value: value ?? "" };
  const type = name === "phone" ? "tel" : "text";
  const isNeeded = name === "title";
  return h("label", { class: "form-field" }, h("span", {}, WORDS[name]()), h("input", { type, name, maxlength: LONGEST[name], autocomplete: "off", required: isNeeded, ...shown }));
}

function chosen(name, words, pairs, value, onchange) {
  const options = pairs.map(([code, shown]) => h("option", { value: code, selected: code === value }, shown));
  return h("label", { class: "form-field" }, h("span", {}, words), h("select", { name, onchange }, options));
}

// `send` is given the texts and all that was chosen.
function formOf(parts, send) {
  const onsubmit = (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const texts = Object.entries(given).filter(([name]) => name in LONGEST);
    send(Object.fromEntries(texts.map(([name, text]) => [name, text.trim()])), given);
  };
  return h("form", { class: "form", onsubmit }, parts, h("button", { type: "submit", class: "button primary wide" }, icon("save"), t("Save")));
}
