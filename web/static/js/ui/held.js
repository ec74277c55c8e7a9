// A grant and a session as one line of a list, with a button that ends it.
import { h } from "../dom.js";
import { t, time } from "../i18n.js";
import { groundName, officeName } from "./offices.js";

export function grantLine(grant, end = null) {
  const until = grant.valid_to ? t("{from} to {to}", { from: grant.valid_from, to: grant.valid_to }) : t("since {day}", { day: grant.valid_from });
  const ground = groundName(grant.office, grant.ground_name ?? grant.ground_code);
  const cells = grant.cells.length ? t("{count} cells", { count: grant.cells.length }) : null;
  return line(officeName(grant.office), [ground, cells, until], end, t("Revoke"), grant.holds);
}

export function sessionLine(session, end = null) {
  const told = [session.address, t("last used {moment}", { moment: time(session.seen_at) }), session.is_this && t("this one")];
  return line(browserName(session.browser), told, end, t("End"), true);
}

function line(title, told, end, label, holds) {
  return h("li", { class: holds ? "held" : "held is-past" },
    h("div", {}, h("strong", {}, title), h("p", { class: "quiet" }, told.filter(Boolean).join(" · "))),
    end && h("button", { type: "button", class: "button plain", onclick: end }, label));
}

// What a person knows it by; the whole is in the audit.
function browserName(agent) {
  const known = ["Edg", "Firefox", "Chrome", "Safari"].find((name) => agent?.includes(name));
  return known?.replace("Edg", "Edge") ?? agent?.slice(0, 40) ?? t("A program");
}
