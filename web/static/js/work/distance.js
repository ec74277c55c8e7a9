// How far apart two places given in degrees are, in metres, along the straight line; good for a city.

export const METRES_PER_DEGREE = 111_195;

export function metresBetween(a, b) {
  const across = (a.lon - b.lon) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(across, a.lat - b.lat) * METRES_PER_DEGREE;
}

// As people say it: by ten metres, by hundred from a kilometre on.
export function farWords(metres) {
  return metres < 1000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
}
