// What the desk shows as the address has it, #view=table&late=late&case=123, and as the API takes it.
import { byId } from "../dom.js";
import { page } from "../page.js";

export const VIEWS = ["board", "table", "charts", "scores"];
export const FILTERS = [
  "stage",
  "state",
  "area",
  "cell",
  "category",
  "source",
  "holder",
  "late",
  "since",
  "until",
  "q",
  "bbox",
  "polygon",
  "parent",
];
const KEPT = [...FILTERS, "sort"];
const READABLE = { "%2C": ",", "%3A": ":" };

export function hasFilters(query) {
  return FILTERS.some((name) => query[name]);
}

// Without the entries that say nothing.
export function tidy(query) {
  return Object.fromEntries(KEPT.filter((name) => query[name]).map((name) => [name, query[name]]));
}

export function without(query, ...names) {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !names.includes(name)));
}

// One of a comma-separated list is added or taken out.
export function toggled(list, value) {
  const values = new Set(list ? list.split(",") : []);
  if (!values.delete(value)) values.add(value);
  return [...values].join(",");
}

export function read(hash) {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const query = tidy(Object.fromEntries(found));
  const picked = Number(found.get("case"));
  return {
    view: VIEWS.includes(found.get("view")) ? found.get("view") : VIEWS[0],
    picked: Number.isSafeInteger(picked) && picked > 0 ? picked : null,
    query,
  };
}

function write({ view, query, picked }) {
  const shown = { ...(view !== VIEWS[0] && { view }), ...tidy(query), ...(picked && { case: picked }) };
  return new URLSearchParams(shown).toString().replace(/%2C|%3A/g, (code) => READABLE[code]);
}

// The address follows the store and the store the address. What people would step back over makes an entry in the history;
// typing, and going from case to case, goes on in the same one.
export class Address {
  constructor(store) {
    this.store = store;
    store.set(read(window.location.hash));
    this._put(false);
    store.on(["view", "query", "picked"], () => this._follow());
    window.addEventListener("popstate", () => store.set(read(window.location.hash)));
  }

  _follow() {
    const [before, now] = [read(window.location.hash), this.store.get()];
    if (write(before) === write(now)) return;
    const goesOn = before.picked && now.picked && before.picked !== now.picked;
    const types =
      before.query.q &&
      write({ ...before, query: without(before.query, "q") }) === write({ ...now, query: without(now.query, "q") });
    this._put(!goesOn && !types);
  }

  _put(isNew) {
    const hash = write(this.store.get());
    const address = `?lang=${page.language}${hash && `#${hash}`}`;
    history[isNew ? "pushState" : "replaceState"](null, "", address);
    byId("language").hash = hash;
  }
}
