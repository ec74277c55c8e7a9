// What a request of ours carries: that it comes from a page of ours, and a number by which the server knows a second try.

const CSRF = ["__Host-csrf", "csrf"];

// What changes something says that it comes from a page of ours: it alone can read this cookie.
export function proof() {
  return { "X-CSRF-Token": CSRF.map(cookie).find(Boolean) ?? "" };
}

function cookie(name) {
  return document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
}

// The same in a service worker, which sees cookies in its own way.
export async function proofOfWorker() {
  const found = await Promise.all(CSRF.map((name) => globalThis.cookieStore?.get(name)));
  return { "X-CSRF-Token": found.find(Boolean)?.value ?? "" };
}

// crypto.randomUUID exists only on encrypted pages, an intranet may have none.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
