// One case on the board.
import { h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { page } from "../page.js";
import { sign } from "./signs.js";
import { leftOf, leftWords } from "./time.js";

export function card(row, desk) {
  const left = leftOf(row);
  const { focused, picked, marked } = desk.store.get();
  const looks = [row.id === focused && "is-focused", row.id === picked && "is-picked", marked.has(row.id) && "is-marked"];
  return h(
    "button",
    {
      type: "button",
      class: ["card", `is-${left}`, ...looks].filter(Boolean).join(" "),
      "data-id": row.id,
      onclick: (event) => desk.clicked(row.id, event),
    },
    h("span", { class: "card-name" }, categoryOf(row)),
    h("span", { class: `card-left is-${left}` }, sign(left), h("span", {}, leftWords(row))),
    h("span", { class: "card-who" }, whoOf(row)),
    row.state === "suspended" && h("span", { class: "tag" }, icon("pause"), t("Suspended")),
    marked.has(row.id) && h("span", { class: "card-mark" }, icon("check")),
  );
}

export function categoryOf(row) {
  return (page.language === "en" && row.category_name_en) || row.category_name || row.category;
}

// Where it is and who has it.
function whoOf(row) {
  return [placeOf(row), row.holder && holderOf(row.holder)].filter(Boolean).join(" · ");
}

export function placeOf({ community, street, cell }) {
  const area = community ?? street;
  return area ? nameOf(area).replace(/社区$/, "") : (cell?.code ?? "");
}

export function holderOf(holder) {
  return holder.name || holder.code || holder.actor;
}
