// What happened to a case, the latest first: who, when, why, what changed, and how long the one before had it.
import { h } from "../dom.js";
import { t, time } from "../i18n.js";
import { exclusionIn } from "./exclusion.js";
import { actorName } from "./people.js";
import { limitWords, span, when } from "./time.js";
import { EVENT, LEVEL, STATE, say } from "./words.js";

export function timelineOf({ history }) {
  return h("ol", { class: "timeline" }, [...history].reverse().map(item));
}

function item(told) {
  const { at, event, from_state: from, to_state: to, actor, holder, reason } = told;
  return h(
    "li",
    { "data-event": event },
    h("p", { class: "timeline-head" }, h("strong", {}, wordsOf(told)), h("time", { datetime: at, title: time(at) }, when(at))),
    h("p", { class: "quiet" }, actorName(actor), holder && ` → ${actorName(holder)}`, from !== to && ` · ${say(STATE, to)}`),
    reason && h("blockquote", {}, reason),
    changes(told.detail ?? {}),
    held(told),
  );
}

function wordsOf(told) {
  const isExcluded = exclusionIn(told);
  if (isExcluded === undefined) return say(EVENT, told.event);
  return isExcluded ? t("Left out of scores") : t("Counts in scores again");
}

function changes({ limit, level, due_at: due, parent, photos, rating }) {
  const lines = [
    typeof limit === "string" && limitWords(limit),
    level?.to && t("Now at: {level}", { level: say(LEVEL, level.to) }),
    due?.to && t("Due {when}", { when: when(due.to) }),
    parent && t("Parent: case {id}", { id: parent }),
    photos?.length > 0 && t("{count} photos", { count: photos.length }),
    rating && t("Satisfaction {mark} of 5", { mark: rating.satisfaction }),
  ];
  return lines.filter(Boolean).map((line) => h("p", { class: "quiet held" }, line));
}

function held({ held_by: by, held_minutes: minutes }) {
  if (!by || minutes === null) return null;
  return h("p", { class: "quiet held" }, t("{name} had it for {span}", { name: actorName(by), span: span(minutes) }));
}
