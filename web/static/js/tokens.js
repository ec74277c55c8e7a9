// The design tokens of web/tokens.json, as the page's custom properties have them.

const style = getComputedStyle(document.documentElement);
const seen = new Map();

export function token(name) {
  if (!seen.has(name)) seen.set(name, style.getPropertyValue(`--${name}`).trim());
  return seen.get(name);
}

export function colour(name) {
  return token(`colour-${name}`);
}

export function font(px, weight = 400) {
  return `${weight} ${px}px ${token("type-family")}`;
}

// The page has other values from now on.
export function forgetColours() {
  seen.clear();
}
