// The head of a case: what, how urgent, in which stage, in whose hands.
import { h } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { categoryOf } from "./card.js";
import { actorName } from "./people.js";
import { sign } from "./signs.js";
import { leftOf, leftWords, span, minutesUntil } from "./time.js";
import { STAGE, STAGES, STATE, say } from "./words.js";

export function headOf(detail) {
  const left = leftOf(detail);
  const places = [detail.street, detail.community, detail.cell].filter(Boolean).map(nameOf);
  return h(
    "header",
    { class: "case-head" },
    h("h2", {}, categoryOf(detail)),
    h(
      "p",
      { class: "case-line" },
      h("span", { class: `time-left is-${left}` }, sign(left), h("strong", {}, leftWords(detail))),
      h("span", { class: "state-word" }, say(STATE, detail.state)),
    ),
    h("p", { class: "quiet" }, places.join(" › ") || t("Outside every community")),
    steps(detail.stage),
    h("p", { class: "case-holder" }, detail.holder ? holding(detail) : t("Nobody yet: the dispatcher is choosing")),
  );
}

function holding({ holder, held_since: since, lead, time_left: left }) {
  const long = left === "done" ? "" : ` · ${t("for {span}", { span: span(minutesUntil(since)) })}`;
  const leads = lead && lead.actor !== holder.actor ? ` · ${t("{name} leads", { name: actorName(lead) })}` : "";
  return [h("strong", {}, actorName(holder)), `${long}${leads}`];
}

function steps(stage) {
  const reached = STAGES.indexOf(stage);
  const marks = (index) => ({ class: index <= reached ? "done" : "", "aria-current": index === reached ? "step" : null });
  return h(
    "ol",
    { class: "steps" },
    STAGES.map((name, index) => h("li", marks(index), h("span", {}, say(STAGE, name)))),
  );
}
