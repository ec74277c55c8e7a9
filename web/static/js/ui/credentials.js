// What one signs in with, changed by oneself: the password, and the second factor on a device.
import { post } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { field, form } from "./forms.js";

const CODE = { inputmode: "text", autocomplete: "one-time-code", autocapitalize: "none", spellcheck: "false", maxlength: 20 };

export function codeField(label = t("Code of the device, or a recovery code")) {
  return field("code", label, { ...CODE, class: "code-input" });
}

// `done` gets the answer, which says what is still to be done.
export function passwordForm(done) {
  return form([
    field("current", t("Password until now"), { type: "password", autocomplete: "current-password", maxlength: 200 }),
    field("new", t("New password"), { type: "password", autocomplete: "new-password", maxlength: 200 }),
    field("again", t("New password again"), { type: "password", autocomplete: "new-password", maxlength: 200 }),
  ], t("Change the password"), async (data, element) => {
    if (data.get("new") !== data.get("again")) throw new Error(t("The two new passwords differ."));
    const told = await post("/api/account/password", { current: data.get("current"), new: data.get("new") });
    element.reset();
    done(told);
  });
}

// Fills `box` step by step: the password again, the picture for the device with its first code, the recovery codes.
export function enrol(box, done) {
  fill(box, h("p", {}, t("An app on your phone shows a new code every half minute. Signing in asks for one besides the password.")),
    form([field("password", t("Password"), { type: "password", autocomplete: "current-password", maxlength: 200 })],
      t("Set it up"), async (data) => showPicture(box, await post("/api/account/second-factor", { password: data.get("password") }), done)));
}

function showPicture(box, { secret, picture }, done) {
  fill(box,
    h("ol", { class: "steps-list" },
      h("li", {}, t("Scan this picture with the app.")),
      h("li", {}, t("Type the code that it shows."))),
    h("img", { class: "qr", src: picture, alt: t("Picture for the app"), width: 220, height: 220 }),
    h("details", {}, h("summary", {}, t("No camera?")), h("p", { class: "secret" }, secret.match(/.{1,4}/g).join(" "))),
    form([codeField(t("Code"))], t("Check the code"), async (data) =>
      showRecovery(box, await post("/api/account/second-factor/code", { code: data.get("code") }), done)));
  box.querySelector("input").focus();
}

function showRecovery(box, told, done) {
  fill(box,
    h("p", {}, t("Keep these recovery codes where only you find them. Each opens once, when the device is lost. They are not shown again.")),
    h("ul", { class: "recovery" }, told.recovery_codes.map((code) => h("li", {}, code))),
    h("button", { type: "button", class: "button primary", onclick: () => done(told) }, t("I have kept them")));
}
