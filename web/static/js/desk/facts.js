// What a case is about: the words of the reporter, pictures, and what hangs together with it.
import { post } from "../api.js";
import { h, icon } from "../dom.js";
import { t, time } from "../i18n.js";
import { rows, section } from "../ui/parts.js";
import { say as announce } from "./said.js";
import { actorName } from "./people.js";
import { contactOf } from "./contact.js";
import { exclusionOf } from "./exclusion.js";
import { when } from "./time.js";
import { whistlesOf } from "./whistles.js";
import { OUTCOME, SOURCE, STATE, say } from "./words.js";

export function factsOf(detail, desk, drawer) {
  return [
    detail.description ? h("p", { class: "told" }, detail.description) : h("p", { class: "quiet" }, t("No description.")),
    photos(detail.photos),
    asked(detail),
    rows(
      [t("Reported"), time(detail.filed_at)],
      [t("Source"), say(SOURCE, detail.source)],
      [t("Dispatched"), detail.dispatched_at && time(detail.dispatched_at)],
      [t("Closed"), detail.closed_at && `${time(detail.closed_at)} · ${say(OUTCOME, detail.outcome)}`],
      [t("Hands, returns, reworks"), `${detail.hops} · ${detail.returns} · ${detail.reworks}`],
      [t("Place"), `${detail.lon.toFixed(5)}, ${detail.lat.toFixed(5)}`],
    ),
    contactOf(detail),
    family(detail, desk),
    helpers(detail.helpers),
    whistlesOf(detail, drawer),
    followers(detail.followers),
    rating(detail),
    exclusionOf(detail, desk, drawer),
  ];
}

function photos(list) {
  if (!list.length) return null;
  const picture = ({ id, width, height }) =>
    h(
      "a",
      { href: `/api/photos/${id}`, target: "_blank", rel: "noopener" },
      h("img", { src: `/api/photos/${id}`, width, height, loading: "lazy", alt: t("Photo {id}", { id }) }),
    );
  return h("div", { class: "photos" }, list.map(picture));
}

function asked({ clock }) {
  return (
    clock?.asked_limit && h("p", { class: "asked" }, icon("clock"), t("More time is asked for; it waits for your decision."))
  );
}

function caseLink(id, desk, words) {
  return h("button", { type: "button", class: "link", onclick: () => desk.open(id) }, words);
}

function family({ parent_id: parent, children }, desk) {
  if (!parent && !children.length) return null;
  const child = ({ id, state }) =>
    h("li", {}, caseLink(id, desk, t("Case {id}", { id })), h("span", { class: "quiet" }, say(STATE, state)));
  return section(
    t("Parent and doubles"),
    parent && h("p", {}, caseLink(parent, desk, t("Parent: case {id}", { id: parent }))),
    children.length > 0 && h("ul", { class: "list" }, children.map(child)),
  );
}

function helpers(list) {
  if (!list.length) return null;
  const item = ({ helper, asked_at: at, request, report }) =>
    h(
      "li",
      { class: "wide" },
      h("p", {}, h("strong", {}, actorName(helper)), h("span", { class: "quiet" }, when(at))),
      request && h("p", {}, request),
      h("p", { class: "quiet" }, report ?? t("No answer yet.")),
    );
  return section(t("Helpers"), h("ul", { class: "list" }, list.map(item)));
}

function followers(list) {
  if (!list.length) return null;
  const item = ({ note, source, followed_at: at }) =>
    h("li", {}, h("span", {}, note || say(SOURCE, source)), h("span", { class: "quiet" }, when(at)));
  return section(t("Reported again {count} times", { count: list.length }), h("ul", { class: "list" }, list.map(item)));
}

// What the reporter said; else the link by which he can.
function rating(detail) {
  if (detail.rating)
    return section(
      t("Rating"),
      rows(
        [t("Answered"), yes(detail.rating.is_answered)],
        [t("Solved"), yes(detail.rating.is_solved)],
        [t("Satisfaction"), `${detail.rating.satisfaction} / 5`],
      ),
      detail.rating.comment && h("blockquote", {}, detail.rating.comment),
    );
  if (detail.state !== "closed") return null;
  const box = h("div", { class: "rate-link" });
  return section(
    t("Rating"),
    h(
      "button",
      { type: "button", class: "button small", id: "rate-link", onclick: () => handOver(detail.id, box) },
      icon("send"),
      t("Link for the reporter"),
    ),
    box,
  );
}

async function handOver(id, box) {
  const { url } = await post(`/api/cases/${id}/link`, {});
  const address = new URL(url, window.location.href).href;
  const line = h("input", { type: "text", readonly: true, "aria-label": t("Link for the reporter") });
  line.value = address;
  box.replaceChildren(line, h("a", { class: "plain-link", href: address, target: "_blank", rel: "noopener" }, t("Open")));
  line.select();
  await navigator.clipboard?.writeText(address).then(
    () => announce(t("Copied.")),
    () => {},
  );
}

function yes(isSo) {
  return isSo ? t("Yes") : t("No");
}
