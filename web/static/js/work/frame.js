// What stands around every screen: its name and the way back, whether there is signal, what waits, and what the worker has to know.
import { byId, fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { categoryOf } from "../desk/card.js";
import { say } from "./said.js";

const TITLES = {
  list: () => t("My cases"),
  map: () => t("Map"),
  case: (id) => t("Case {id}", { id }),
  report: () => t("Report it"),
  patrol: () => t("Patrol"),
  elements: () => t("My cell"),
  pending: () => t("Waiting to be sent"),
  more: () => t("More"),
};
const INNER = ["case", "pending", "elements"]; // screens that one comes to from another
const BUZZ_MS = [180, 90, 180];

export class Frame {
  constructor(phone) {
    this.phone = phone;
    byId("back").addEventListener("click", () => (history.length > 1 ? history.back() : phone.go("list")));
    byId("to-pending").addEventListener("click", () => phone.go("pending"));
    phone.state.on(["isOnline", "isLive", "pending", "isSignedOut", "trouble"], (now) => this._draw(now));
    phone.state.on(["arrived"], ({ arrived }) => this._ring(arrived));
    phone.state.on(["cases"], ({ cases }) => this._count(cases));
    this._draw(phone.state.get());
  }

  name(screen, argument) {
    document.body.dataset.screen = screen;
    const title = TITLES[screen](argument);
    byId("title").textContent = title;
    document.title = `${title} · ${t("Wangge")}`;
    byId("back").hidden = !INNER.includes(screen);
    for (const link of byId("bar").children) mark(link, link.getAttribute("href") === `#${screen}`);
    byId("title").focus({ preventScroll: true });
  }

  _draw({ isOnline, isLive, pending, isSignedOut, trouble }) {
    const [look, words] = isOnline ? [isLive ? "is-live" : "", isLive ? t("Live") : t("Connecting …")] : ["is-offline", t("No signal")];
    byId("signal").className = `signal ${look}`;
    fill(byId("signal"), isOnline ? h("span", { class: "light", "aria-hidden": "true" }) : icon("offline"), h("span", {}, words));
    byId("to-pending").hidden = pending.length === 0;
    byId("pending-count").textContent = t("{count} waiting", { count: pending.length });
    const refused = pending.filter(({ state }) => state === "refused").length;
    fill(byId("notes"), trouble && note(trouble), isSignedOut && signIn(), refused > 0 && refusals(refused), !isSecureContext && unencrypted());
  }

  _ring(arrived) {
    say(arrived.length === 1 ? t("New: {category}", { category: categoryOf(arrived[0]) }) : t("{count} new cases", { count: arrived.length }));
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ_MS);
  }

  // On the icon of the installed page: what is to be accepted.
  _count(cases) {
    const count = cases.filter(({ state, isLeaving }) => state === "dispatched" && !isLeaving).length;
    if (count === this.count) return;
    this.count = count;
    navigator.setAppBadge?.(count).catch(() => {});
  }
}

function mark(link, isHere) {
  if (isHere) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

function note(words, ...more) {
  return h("p", { class: "work-note" }, icon("alert"), h("span", {}, words), ...more);
}

function signIn() {
  const next = new URLSearchParams({ next: "/work" });
  return note(t("Please sign in again. What waits is kept and goes out afterwards."), h("a", { class: "button small", href: `/login?${next}` }, t("Sign in")));
}

function refusals(count) {
  return note(t("{count} could not be carried out; nothing you wrote is lost.", { count }), h("a", { class: "button small", href: "#pending" }, t("Look")));
}

function unencrypted() {
  return note(t("Without encryption (https) this page can't be opened without signal. What you do while it is open is kept and sent."));
}
