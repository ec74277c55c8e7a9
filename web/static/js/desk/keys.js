// Keys: through the list, into a case, and the moves that the open case allows. Never while people type.
import { byId, h } from "../dom.js";
import { t } from "../i18n.js";
import { isTyping } from "../ui/search.js";
import { isDialogOpen, openDialog } from "./dialog.js";

export function addKeys(desk) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isDialogOpen()) return;
    const act = isTyping(event) ? WHILE_TYPING[event.key] : (KEYS[event.key] ?? move(desk, event.key));
    if (!act || (event.key === "Enter" && /^(BUTTON|A)$/.test(event.target.tagName))) return;
    if (act(desk, event) !== false) event.preventDefault();
  });
  byId("keys").addEventListener("click", showKeys);
}

const WHILE_TYPING = { Escape: (desk, event) => event.target.blur() };

const KEYS = {
  j: (desk) => desk.step(1),
  k: (desk) => desk.step(-1),
  ArrowDown: (desk, event) => !isInDrawer(event) && desk.step(1),
  ArrowUp: (desk, event) => !isInDrawer(event) && desk.step(-1),
  ArrowRight: (desk, event) => !isInDrawer(event) && desk.stepOver(1),
  ArrowLeft: (desk, event) => !isInDrawer(event) && desk.stepOver(-1),
  Enter: (desk) => desk.store.get().focused && desk.open(desk.store.get().focused),
  Escape: (desk) => desk.drawer.escape() || (desk.store.get().picked ? desk.close() : desk.unmark()),
  x: (desk) => desk.store.get().focused && desk.mark(desk.store.get().focused),
  "/": () => byId("q").focus(),
  "?": () => showKeys(),
  1: (desk) => desk.show("board"),
  2: (desk) => desk.show("table"),
  3: (desk) => desk.show("charts"),
  4: (desk) => desk.show("scores"),
};

// Arrows scroll the case that is read and move the divider.
function isInDrawer({ target }) {
  return Boolean(target.closest("#drawer, #splitter, .leaflet-container"));
}

function move(desk, key) {
  const found = desk.drawer.acting.moveFor(key.toLowerCase());
  return found && (() => desk.drawer.acting.choose(found));
}

const TOLD = [
  ["J  ↓", () => t("Next case")],
  ["K  ↑", () => t("Case before")],
  ["←  →", () => t("Another column of the board")],
  ["Enter", () => t("Open the case")],
  ["Esc", () => t("Close")],
  ["X", () => t("Select")],
  ["/", () => t("Search the cases")],
  ["1 – 4", () => t("Board, table, charts, scores")],
  ["A – Z", () => t("The move whose letter its button shows")],
  ["?", () => t("Keys")],
];

export function showKeys() {
  const line = ([keys, words]) =>
    h(
      "div",
      {},
      h(
        "dt",
        {},
        keys.split("  ").map((key) => h("kbd", {}, key)),
      ),
      h("dd", {}, words()),
    );
  openDialog(t("Keys"), h("dl", { class: "keys" }, TOLD.map(line)));
}
