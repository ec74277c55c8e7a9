// Paper: the case that is open, else the list. The page's own parts stay on the screen.
import { byId, fill, h } from "../dom.js";
import { nameOf, t, time } from "../i18n.js";
import { categoryOf, holderOf } from "./card.js";
import { leftWords, when } from "./time.js";
import { STATE, say } from "./words.js";

const MOST = 1000;

export function addPrinting(desk) {
  window.addEventListener("beforeprint", () =>
    fill(byId("print"), desk.drawer.detail && desk.store.get().picked ? desk.drawer.forPaper() : list(desk)),
  );
}

// All that are loaded; on the board those on it.
function list(desk) {
  const isTable = desk.store.get().view === "table";
  const rows = isTable ? desk.rows.list : (desk.board?.stages.flatMap(({ cases }) => cases) ?? []);
  const heads = [t("Number"), t("Time left"), t("What"), t("State"), t("Where"), t("Held by"), t("Filed")];
  return [
    h("h1", {}, t("Cases")),
    h("p", {}, `${byId("me-name").textContent} · ${time(Date.now())} · ${t("{count} cases", { count: rows.length })}`),
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((text) => h("th", {}, text)),
        ),
      ),
      h("tbody", {}, rows.slice(0, MOST).map(line)),
    ),
  ];
}

function line(row) {
  const place = row.community ?? row.street;
  const cells = [
    row.id,
    leftWords(row),
    [h("strong", {}, categoryOf(row)), row.description && ` ${row.description}`],
    say(STATE, row.state),
    place && nameOf(place),
    row.holder && holderOf(row.holder),
    when(row.filed_at),
  ];
  return h(
    "tr",
    {},
    cells.map((content) => h("td", {}, content ?? "")),
  );
}
