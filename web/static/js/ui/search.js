// Search by name or code.
import { get } from "../api.js";
import { byId, h } from "../dom.js";
import { nameOf } from "../i18n.js";
import { Combobox } from "./combobox.js";
import { FACILITY, LEVEL, say } from "./words.js";

const input = byId("search");
const list = byId("search-results");

export class Search {
  constructor(choose) {
    this.choose = choose;
    new Combobox(input, list, { ask: findPlaces, draw: drawPlace, take: (result) => this._take(result), name: "result" });
    document.addEventListener("keydown", (event) => this._shortcut(event));
  }

  _shortcut(event) {
    if (event.key !== "/" || isTyping(event)) return;
    event.preventDefault();
    input.focus();
  }

  _take(chosen) {
    input.value = nameOf(chosen);
    input.blur();
    this.choose(chosen);
  }
}

export async function findPlaces(q) {
  return q ? (await get("/api/search", { q })).results : [];
}

export function drawPlace(result) {
  const kind = say(result.kind === "facility" ? FACILITY : LEVEL, result.level ?? result.kind);
  return [h("span", { class: "name" }, nameOf(result)), h("span", { class: "quiet" }, `${kind} · ${result.code}`)];
}

// Whether a key goes into a field, so that it is no shortcut.
export function isTyping({ target }) {
  return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button)$/.test(target.type);
}
