// Whether a case counts in scores: a senior office may leave it out, with a reason that everybody can read in its course.
import { ApiError, post, remove } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { section } from "../ui/parts.js";

const SENIOR = ["street", "district"];

// The last decision in the history, true for left out; undefined when there was none.
export function exclusionIn(event) {
  return event.detail?.is_excluded;
}

export function exclusionOf({ id, history }, { me }, drawer) {
  const last = history.filter((event) => exclusionIn(event) !== undefined).at(-1);
  const isSenior = SENIOR.includes(me.who?.role);
  const path = `/api/cases/${id}/exclusion`;
  if (last?.detail.is_excluded) return leftOut(last.reason, isSenior && path, drawer);
  return isSenior && form(path, drawer);
}

function leftOut(reason, path, drawer) {
  const again = {
    type: "button",
    class: "button small",
    onclick: () => remove(path).then(() => drawer.refresh(), drawer.desk.failed),
  };
  return section(
    t("Scores"),
    h("p", {}, t("Left out of scores: {reason}", { reason })),
    path && h("button", again, t("Count it again")),
  );
}

function form(path, drawer) {
  const words = t("Reason (needed)");
  const reason = h("input", { name: "reason", required: true, maxlength: 500, "aria-label": words, placeholder: words });
  const send = h("button", { type: "submit", class: "button small" }, t("Leave out"));
  const onsubmit = (event) => exclude(event, path, drawer);
  return h(
    "details",
    { class: "part exclusion" },
    h("summary", {}, t("Leave out of scores …")),
    h("form", { class: "form", onsubmit }, reason, send),
  );
}

async function exclude(event, path, drawer) {
  event.preventDefault();
  const { target } = event;
  try {
    await post(path, { reason: target.reason.value });
    drawer.refresh();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    target.append(h("p", { class: "problem", role: "alert" }, error.message));
  }
}
