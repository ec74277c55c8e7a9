// Whether a case counts in scores: an office may leave it out, with a reason that everybody can read.
import { ApiError, post, remove } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { section } from "../ui/parts.js";

export function exclusionOf(detail, drawer) {
  const { exclusion } = detail;
  const path = `/api/cases/${detail.id}/exclusion`;
  if (exclusion)
    return section(
      t("Scores"),
      h("p", {}, t("Left out of scores: {reason}", { reason: exclusion.reason })),
      h(
        "button",
        { type: "button", class: "button small", onclick: () => remove(path).then(() => drawer.refresh()) },
        t("Count it again"),
      ),
    );
  const onsubmit = (event) => exclude(event, path, drawer);
  return h(
    "details",
    { class: "part exclusion" },
    h("summary", {}, t("Leave out of scores …")),
    h(
      "form",
      { class: "form", onsubmit },
      h("input", {
        name: "reason",
        required: true,
        maxlength: 500,
        "aria-label": t("Reason (needed)"),
        placeholder: t("Reason (needed)"),
      }),
      h("button", { type: "submit", class: "button small" }, t("Leave out")),
    ),
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
