// The way out: what the phone keeps of this account is wiped; while something waits to be sent, only after asking.
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { choices, closeSheet, openSheet } from "./sheet.js";
import { forgetWorker } from "./who.js";

export async function leaveTheAccount(phone) {
  const { pending } = phone.state.get();
  if (!pending.length) return leave(phone);
  const out = () => leave(phone);
  return openSheet(
    t("Sign out?"),
    h("p", {}, t("{count} things that you did have not been sent. They are lost if you sign out.", { count: pending.length })),
    choices([[t("Stay and send them"), () => stay(phone)], [t("Sign out and lose them"), out]]),
  );
}

function stay(phone) {
  closeSheet();
  phone.go("pending");
  phone.drain();
}

// The session ends at the server first: a phone that only forgot would still be signed in.
async function leave(phone) {
  const { status } = await phone.request({ method: "DELETE", path: "/api/session" });
  if (status === 0 || status >= 500) return openSheet(t("Sign out"), h("p", {}, t("Signing out needs a signal.")));
  forgetWorker();
  await phone.wipe();
  return location.assign("/login?next=/work");
}
