// What the server wrote into the page: language, time zone, bounds of the ground, review number.

export const page = JSON.parse(document.getElementById("page").textContent);
