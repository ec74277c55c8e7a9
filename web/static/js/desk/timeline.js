// What happened to a case, the latest first: who, when, why, and how long the one before had it.
import { h } from "../dom.js";
import { t, time } from "../i18n.js";
import { actorName } from "./people.js";
import { span, when } from "./time.js";
import { EVENT, STATE, say } from "./words.js";

export function timelineOf({ history }) {
  return h("ol", { class: "timeline" }, [...history].reverse().map(item));
}

function item({
  seq,
  at,
  event,
  from_state: from,
  to_state: to,
  actor,
  holder,
  held_by: heldBy,
  held_minutes: minutes,
  reason,
}) {
  return h(
    "li",
    { "data-event": event },
    h(
      "p",
      { class: "timeline-head" },
      h("strong", {}, say(EVENT, event)),
      h("time", { datetime: at, title: time(at) }, when(at)),
    ),
    h("p", { class: "quiet" }, actorName(actor), holder && ` → ${actorName(holder)}`, from !== to && ` · ${say(STATE, to)}`),
    reason && h("blockquote", {}, reason),
    minutes !== null &&
      heldBy &&
      h("p", { class: "quiet held" }, t("{name} had it for {span}", { name: actorName(heldBy), span: span(minutes) })),
    h("span", { class: "seq", "aria-hidden": "true" }, seq),
  );
}
