// The account menu of every page: who has signed in, his own page, the way out.
import { get, remove } from "../api.js";
import { byId, fill, h } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { lastWorker } from "../work/who.js";
import { ADMINISTRATORS, groundName, officeName } from "./offices.js";

const APPROVALS = ["community", "street", "district", "security_admin"];
const menu = byId("account");

export function startAccountMenu() {
  menu.addEventListener("toggle", () => menu.open && draw());
  addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
}

function close() {
  menu.open = false;
  menu.querySelector("summary").focus();
}

async function draw() {
  const box = menu.querySelector(".account-box");
  try {
    fill(box, entries(await get("/api/me")));
  } catch (error) {
    fill(box, h("p", { class: "quiet" }, error.message));
  }
}

function entries(me) {
  return [
    h("p", { class: "account-name" }, me.account),
    h("p", { class: "quiet" }, `${officeName(me.office)} · ${groundName(me.office, me.area?.name && nameOf(me.area))}`),
    me.office === "worker" && h("a", { href: "/work" }, t("The grid worker's page")),
    ADMINISTRATORS.includes(me.office) && h("a", { href: "/admin" }, t("Administration")),
    APPROVALS.includes(me.office) && h("a", { href: "/approvals" }, t("Exports of people's data")),
    h("a", { href: "/account" }, t("My account")),
    h("button", { type: "button", id: "sign-out", onclick: signOut }, t("Sign out")),
  ];
}

// What a phone keeps of a grid worker is wiped by his own page.
async function signOut() {
  if (lastWorker()) return location.assign("/work#more");
  await remove("/api/session").catch(() => null);
  return location.assign("/login");
}
