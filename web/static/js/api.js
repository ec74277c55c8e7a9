// Calls to the API. An error carries the stable code of the answer with its detail, and words for people in their language.
// Where the session is over, the page goes to the door, which leads back.
import { t, time } from "./i18n.js";
import { proof } from "./requests.js";

export { newKey, proof } from "./requests.js";

const ATTENDED_MS = 60_000;

const WORDS = {
  not_found: () => t("There is no such thing, or no longer."),
  not_ready: () => t("This has to be loaded or computed first."),
  unavailable: () => t("The server does not answer."),
  illegal_move: () => t("The case has come to a state in which this can't be done."),
  unauthenticated: () => t("Please sign in."),
  sign_in_failed: ({ what }) => (what === "code" ? t("This code is wrong, or was used before.") : t("Name or password is wrong.")),
  weak_password: ({ why, ...rest }) => WEAK[why]?.(rest),
  locked: ({ until }) =>
    until ? t("Too many tries. Locked until {moment}.", { moment: time(until) }) : t("This account is locked. Ask your administrator."),
  forbidden: () => t("This is not yours to do: it lies on other ground."),
};

const WEAK = {
  short: ({ characters }) => t("At least {characters} characters, please.", { characters }),
  simple: ({ kinds }) => t("Please use {kinds} of these: small letters, capital letters, digits, other characters.", { kinds }),
  name: () => t("The password must not hold the name of the account."),
  used: () => t("This password was used before."),
};

export function wordsOf({ code, message, detail = {} }) {
  return WORDS[code]?.(detail) ?? message;
}

export class ApiError extends Error {
  constructor(status, body) {
    const { code = "unavailable", message = `HTTP ${status}`, detail = {} } = body?.error ?? {};
    super(wordsOf({ code, message, detail }));
    Object.assign(this, { status, code, detail });
  }
}

export async function get(path, parameters = {}, options = {}) {
  return ask(address(path, parameters), options);
}

export async function post(path, body, headers = {}) {
  return ask(path, withBody("POST", body, headers));
}

export async function put(path, body) {
  return ask(path, withBody("PUT", body));
}

export async function remove(path) {
  return ask(path, { method: "DELETE" });
}

// A file as it is.
export async function send(path, file) {
  return ask(path, { method: "POST", body: file, headers: { "Content-Type": file.type } });
}

// A file that is made for us once: it goes to where the browser keeps what it is given.
export async function take(path) {
  const response = await fetch(path, meant({ method: "POST" })).catch(unanswered);
  if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => null));
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition"))?.[1];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name ?? "";
  link.click();
  URL.revokeObjectURL(link.href);
}

function withBody(method, body, headers = {}) {
  return { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } };
}

// A file that the server makes, with the name that it gives it, how many rows it has, and what its format could not hold.
export async function download(path, parameters = {}) {
  const response = await fetch(address(path, parameters), meant({})).catch(unanswered);
  if (!response.ok) throw failure(response, await response.json().catch(() => null));
  const [, name] = /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition") ?? "") ?? [null, "export"];
  const remarks = decodeURIComponent(response.headers.get("X-Remarks") ?? "").split("; ").filter(Boolean);
  return { blob: await response.blob(), name, rows: Number(response.headers.get("X-Rows")), remarks };
}

// Every feature of a list, page after page, at most `most` of them; `more` says that there are others.
export async function features(path, parameters = {}, { most = 20000, signal } = {}) {
  const found = [];
  let after = null;
  do {
    const page = await get(path, { limit: 5000, ...parameters, ...(after && { after }) }, { signal });
    found.push(...page.features);
    after = page.next;
  } while (after && found.length < most);
  return { features: found, more: Boolean(after) };
}

function address(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined));
  return query.size ? `${path}?${query}` : path;
}

async function ask(path, options) {
  const response = await fetch(path, meant(options)).catch(unanswered);
  const body = await response.json().catch(() => null);
  if (response.ok) return body;
  throw failure(response, body);
}

function failure(response, body) {
  const error = new ApiError(response.status, body);
  if (["unauthenticated", "unfinished"].includes(error.code) && location.pathname !== "/login") toTheDoor();
  return error;
}

function meant(options) {
  return { ...options, headers: { ...options.headers, ...(options.method && proof()), ...unattended() } };
}

// What a page asks for by itself, while nobody has moved for a minute, does not keep the session awake.
let movedAt = Date.now();
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
  addEventListener(sign, () => (movedAt = Date.now()), { capture: true, passive: true });
}

function unattended() {
  return Date.now() - movedAt > ATTENDED_MS && { "X-Wangge-Unattended": "1" };
}

function toTheDoor() {
  location.assign(`/login?${new URLSearchParams({ next: location.pathname + location.search })}`);
}

// A network that is away looks like a server that is away; what was broken off by us stays what it is.
function unanswered(error) {
  throw error.name === "AbortError" ? error : new ApiError(503, null);
}
