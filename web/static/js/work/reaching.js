// From a case to the telephone and to the phone's map: the number whole with a ready reason, on record; the place in the datum of the app.
import { h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { wordsOf } from "../api.js";
import { choices, openSheet } from "./sheet.js";

export function askWhyToCall(phone, row) {
  const reasons = phone.state.get().bundle?.reasons.unmask ?? [];
  openSheet(
    t("Call the reporter"),
    h("p", { class: "quiet" }, t("Your name, the time and the reason go on record.")),
    choices(reasons.map((one) => [nameOf(one), () => call(phone, row, one.name)])),
  );
}

async function call(phone, { id }, reason) {
  const { status, body } = await phone.request({ method: "POST", path: `/api/cases/${id}/unmask`, body: { reason } });
  if (status === 0) return openSheet(t("Call the reporter"), h("p", {}, t("The number is shown only with signal.")));
  if (status !== 200) return openSheet(t("Call the reporter"), h("p", { class: "problem" }, wordsOf(body?.error ?? { code: "unavailable" })));
  const { contact } = body;
  if (!contact?.phone) return openSheet(t("Call the reporter"), h("p", {}, t("Nothing is kept any more.")));
  const number = `tel:${contact.phone.replaceAll(/[^0-9+]/g, "")}`;
  const dial = h("a", { class: "button primary wide", id: "call", href: number }, icon("call"), t("Call"));
  openSheet(t("Call the reporter"), h("p", { class: "number" }, contact.name, " ", contact.phone), dial);
  return dial.click();
}

// Names of apps and addresses that they answer to: places in GCJ-02 for those that draw so, else in WGS84.
export function mapsFor({ lon, lat, gcj02: [x, y] }, name) {
  const title = encodeURIComponent(name);
  return [
    [t("Amap"), `amapuri://route/plan/?sourceApplication=wangge&dlat=${y}&dlon=${x}&dname=${title}&dev=0&t=2`, "GCJ-02"],
    [t("Baidu Maps"), `baidumap://map/direction?destination=name:${title}|latlng:${y},${x}&coord_type=gcj02&mode=walking&src=wangge`, "GCJ-02"],
    [t("The phone's own map"), `geo:${lat},${lon}?q=${lat},${lon}(${title})`, "WGS84"],
  ];
}

export function askWhichMap(row, name) {
  const line = ([app, address, datum]) => h("a", { class: "choice", href: address }, h("span", {}, app), h("span", { class: "quiet" }, datum));
  openSheet(t("Navigate"), h("div", { class: "choices" }, mapsFor(row, name).map(line)));
}
