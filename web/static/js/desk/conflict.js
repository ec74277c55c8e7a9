// When somebody was faster: who did what meanwhile, that nothing of one's own was lost, and what can be done now.
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { ago } from "./time.js";
import { actorName } from "./people.js";
import { EVENT, MOVE, STATE, say } from "./words.js";

export function conflictNote({ event, reason }, detail) {
  const last = detail.history.at(-1);
  const what = t("{who} was faster: “{event}”, {when}. The case is now “{state}”.", {
    who: actorName(last.actor),
    event: say(EVENT, last.event),
    when: ago(last.at),
    state: say(STATE, detail.state),
  });
  const kept = reason && t("What you wrote is kept for the next move.");
  return h(
    "div",
    { class: "conflict", role: "alert" },
    icon("hand"),
    h(
      "div",
      {},
      h("p", {}, what),
      h("p", {}, t("“{move}” was not carried out.", { move: say(MOVE, event) }), kept && ` ${kept}`),
    ),
  );
}
