// Names of those who act and hold.
import { t } from "../i18n.js";
import { ACTOR, say } from "./words.js";

export function actorName(actor) {
  if (!actor) return t("Nobody");
  if (typeof actor === "string") return say(ACTOR, actor.split(":")[0]);
  return actor.name || (actor.kind in ACTOR ? [say(ACTOR, actor.kind), actor.code].filter(Boolean).join(" ") : actor.actor);
}
