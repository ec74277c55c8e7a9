// Why the case is where it is, and whether the same decision comes out again from what was known then.
import { get } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { t, time } from "../i18n.js";
import { page } from "../page.js";
import { note, rows, section } from "../ui/parts.js";
import { LOCATED, say } from "../ui/words.js";
import { limitWords } from "./time.js";

export function reasonsOf({ id, why, located, candidates, clock }) {
  const box = h("div", { class: "replay" });
  const again = { type: "button", class: "button small", onclick: () => replay(id, box) };
  return [
    section(
      t("Why this holder"),
      why ? note(why.sentence, "why") : note(t("Nothing has been decided yet.")),
      why && h("button", again, icon("again"), t("Decide again with what was known then")),
      box,
    ),
    section(
      t("How it was located"),
      note((located && say(LOCATED, located)) || t("Inside its cell.")),
      candidates?.length > 0 &&
        h(
          "ul",
          { class: "list" },
          candidates.map(({ code, distance_m: metres }) =>
            h("li", {}, code, h("span", { class: "quiet" }, `${Math.round(metres)} m`)),
          ),
        ),
    ),
    section(t("Time limit"), rows([t("By rule"), limitWords(clock?.limit)])),
  ];
}

async function replay(id, box) {
  try {
    const told = await get(`/api/cases/${id}/why`, { replay: true, lang: page.language });
    const agrees = told.replay?.agrees;
    const words = agrees ? t("The same decision comes out.") : t("Another decision comes out.");
    fill(
      box,
      h("p", { class: agrees ? "agrees" : "problem" }, icon(agrees ? "check" : "alert"), words),
      told.decided_at && note(t("Decided {when}", { when: time(told.decided_at) })),
    );
  } catch (error) {
    fill(box, h("p", { class: "problem", role: "alert" }, icon("alert"), error.message));
  }
}
