// Departments called to the spot, and how each of them reported in.
import { ApiError, post } from "../api.js";
import { h, icon } from "../dom.js";
import { t, time } from "../i18n.js";
import { section } from "../ui/parts.js";
import { actorName } from "./people.js";
import { when } from "./time.js";

export function whistlesOf({ whistles }, drawer) {
  return (
    whistles.length > 0 &&
    section(
      t("Whistle"),
      whistles.map((one) => whistle(one, drawer)),
    )
  );
}

function whistle({ id, meet_at: meet, place, request, calls }, drawer) {
  return h(
    "div",
    { class: "whistle" },
    h("p", {}, h("strong", {}, time(meet)), place && ` · ${place}`),
    request && h("p", {}, request),
    h(
      "ul",
      { class: "list" },
      calls.map((call) => line(call, id, drawer)),
    ),
  );
}

function line({ agency, reported_in_at: at, means, distance_m: metres, missed_at: missed, due_at: due }, id, drawer) {
  const how = {
    position: () => t("on the spot, {metres} m", { metres: Math.round(metres) }),
    signature: () => t("by signature"),
  }[means]?.();
  const words = at ? `${when(at)} · ${how}` : missed ? t("did not come") : t("until {when}", { when: when(due) });
  return h(
    "li",
    {},
    h("span", {}, actorName(agency)),
    h("span", { class: missed && !at ? "late-word" : "quiet" }, words),
    !at && signed(agency, id, drawer),
  );
}

// The desk notes who has signed in on paper.
function signed(agency, id, drawer) {
  const box = h(
    "form",
    { class: "sign-in", onsubmit: (event) => reportIn(event, agency, id, drawer) },
    h("input", { name: "signature", required: true, maxlength: 80, "aria-label": t("Signed by"), placeholder: t("Signed by") }),
    h("button", { type: "submit", class: "button small" }, icon("check"), t("Has come")),
  );
  return box;
}

async function reportIn(event, agency, id, drawer) {
  event.preventDefault();
  try {
    await post(`/api/whistles/${id}/report-in`, { agency: agency.actor, signature: event.target.signature.value });
    drawer.refresh();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    event.target.append(h("p", { class: "problem", role: "alert" }, error.message));
  }
}
