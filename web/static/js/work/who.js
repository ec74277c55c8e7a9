// Who worked on this phone last: the page begins with what is kept for him.

const WHO = "wangge-work-who"; // in the browser's own store: his answer of /api/me

export function lastWorker() {
  return JSON.parse(localStorage.getItem(WHO) ?? "null");
}

export function rememberWorker(me) {
  localStorage.setItem(WHO, JSON.stringify(me));
}

export function forgetWorker() {
  localStorage.removeItem(WHO);
}
