// What is needed seldom: my cell's elements, what waits, language and contrast, the way out.
import { h, icon } from "../../dom.js";
import { t } from "../../i18n.js";
import { page } from "../../page.js";
import { chooseSunlight, isSunlight } from "../contrast.js";
import { leaveTheAccount } from "../leaving.js";

const OTHER = { zh: ["en", "English"], en: ["zh", "中文"] };

export function open(root, phone) {
  const { me } = phone.state.get();
  const [code, name] = OTHER[page.language];
  const sun = h("button", { type: "button", class: "entry", role: "switch", "aria-checked": String(isSunlight()), onclick: () => toggle(sun) }, icon("sun"), h("span", {}, t("Sunlight contrast")), h("span", { class: "switch", "aria-hidden": "true" }));
  root.append(
    h("ul", { class: "entries" }, [
      entry("table", t("My cell"), "#elements", t("People, places, things, events, organisations")),
      entry("send", t("Waiting to be sent"), "#pending"),
      entry("person", t("My account"), "/account", me?.account),
      h("li", {}, h("a", { class: "entry", href: `/work?lang=${code}#more`, lang: code, hreflang: code }, icon("language"), h("span", {}, name))),
      h("li", {}, sun),
      h("li", {}, h("button", { type: "button", class: "entry", id: "sign-out", onclick: () => leaveTheAccount(phone) }, icon("out"), h("span", {}, t("Sign out")))),
    ]),
    h("p", { class: "quiet" }, t("To have it as an app: “Add to home screen” in the browser's menu.")),
  );
  return () => {};
}

function entry(name, words, href, more) {
  return h("li", {}, h("a", { class: "entry", href }, icon(name), h("span", {}, words, more && h("span", { class: "quiet" }, more)), icon("right")));
}

function toggle(button) {
  chooseSunlight(!isSunlight());
  button.setAttribute("aria-checked", String(isSunlight()));
}
