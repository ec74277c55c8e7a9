// Calls to the API. An error carries the stable code and the message of the answer.

export class ApiError extends Error {
  constructor(status, body) {
    super(body?.error?.message ?? `HTTP ${status}`);
    this.status = status;
    this.code = body?.error?.code ?? "unavailable";
    this.detail = body?.error?.detail ?? {};
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
