// Calls to the API. An error carries the stable code of the answer, and words for people in their language.
import { t } from "./i18n.js";

const WORDS = {
  not_found: () => t("There is no such thing, or no longer."),
  not_ready: () => t("This has to be loaded or computed first."),
  unavailable: () => t("The server does not answer."),
};

export class ApiError extends Error {
  constructor(status, body) {
    const { code = "unavailable", message = `HTTP ${status}` } = body?.error ?? {};
    super(WORDS[code]?.() ?? message);
    Object.assign(this, { status, code });
  }
}

export async function get(path, parameters = {}, options = {}) {
  return answer(await fetch(address(path, parameters), options));
}

export async function post(path, body, headers = {}) {
  const sent = { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } };
  return answer(await fetch(path, sent));
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

async function answer(response) {
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, body);
  return body;
}
