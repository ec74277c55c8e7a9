// Names of those who act and hold.
import { nameOf, t } from "../i18n.js";
import { ACTOR, say } from "./words.js";

// Of somebody who can be chosen; the desk of last resort, which looks after everything, has no name of its own.
export function callerName(one) {
  return one.name ? nameOf(one) : t("Duty desk");
}

export function actorName(actor) {
  if (!actor) return t("Nobody");
  if (typeof actor === "string") return say(ACTOR, actor.split(":")[0]);
  return actor.name || (actor.kind in ACTOR ? [say(ACTOR, actor.kind), actor.code].filter(Boolean).join(" ") : actor.actor);
}
