// Choosing who: a field that proposes desks, agencies and grid workers by name.
import { get } from "../api.js";
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { Combobox } from "../ui/combobox.js";
import { ACTOR, LEVEL, say } from "./words.js";
import { callerName } from "./people.js";
import { field } from "./filters.js";

export async function findActors(q, kinds = null) {
  const { desks, agencies, workers } = await get("/api/me/choices", { q: q || null });
  const all = [...desks, ...agencies, ...workers];
  return kinds ? all.filter(({ kind }) => kinds.includes(kind)) : all;
}

export function drawActor(one) {
  const kind = one.kind === "desk" ? say(LEVEL, one.level) : say(ACTOR, one.kind);
  return [h("span", { class: "name" }, callerName(one)), h("span", { class: "quiet" }, `${kind} · ${one.code}`)];
}

// `take` gets who was chosen, null when the field is emptied.
export function actorField(name, words, value, take, { kinds = null, required = false } = {}) {
  const id = `f-${name}`;
  const input = h("input", {
    id,
    type: "text",
    role: "combobox",
    "aria-expanded": "false",
    autocomplete: "off",
    required,
    placeholder: t("Name …"),
  });
  input.value = value ?? "";
  const list = h("ul", { class: "surface results", role: "listbox", hidden: true });
  const chosen = (one) => {
    input.value = callerName(one);
    take(one);
  };
  input.addEventListener("input", () => take(null));
  new Combobox(input, list, { ask: (q) => findActors(q, kinds), draw: drawActor, take: chosen, name: id, isEager: true });
  return field(id, words, h("div", { class: "combo" }, input, list));
}

// Several of them, as a list that grows.
export function actorsField(name, words, chosen, take, options = {}) {
  const list = h("ul", { class: "picked-list" });
  const draw = () => list.replaceChildren(...[...chosen.values()].map(line));
  const drop = (one) => () => {
    chosen.delete(one.actor);
    draw();
  };
  const line = (one) =>
    h(
      "li",
      {},
      callerName(one),
      h("button", { type: "button", class: "drop", "aria-label": t("Take out"), onclick: drop(one) }, icon("close")),
    );
  const box = actorField(
    name,
    words,
    "",
    (one) => {
      if (!one) return;
      chosen.set(one.actor, one);
      box.querySelector("input").value = "";
      take(chosen);
      draw();
    },
    options,
  );
  draw();
  box.append(list);
  return box;
}
