// Short forms: labelled fields, one button, and the reason where it did not work.
import { h } from "../dom.js";

export function field(name, label, properties = {}) {
  return h("label", { class: "form-field" }, h("span", {}, label), h("input", { name, required: true, ...properties }));
}

export function select(name, label, options, properties = {}) {
  const entries = options.map(([value, words]) => h("option", { value }, words));
  return h("label", { class: "form-field" }, h("span", {}, label), h("select", { name, ...properties }, entries));
}

// A form that sends itself once at a time and says below its fields what went wrong.
export function form(fields, label, send, { isPlain = false } = {}) {
  const trouble = h("p", { class: "form-trouble", role: "alert", hidden: true });
  const button = h("button", { type: "submit", class: isPlain ? "button plain" : "button primary" }, label);
  const sent = async (event) => {
    event.preventDefault();
    button.disabled = true;
    await attempt(() => send(new FormData(event.target), event.target), trouble);
    button.disabled = false;
  };
  return h("form", { class: "form", onsubmit: sent }, fields, trouble, button);
}

export async function attempt(send, trouble) {
  trouble.hidden = true;
  try {
    await send();
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
}
