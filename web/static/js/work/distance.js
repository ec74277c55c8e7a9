// How far apart two places given in degrees are, in metres, along the straight line; good for a city.

export const METRES_PER_DEGREE = 111_195;

export function metresBetween(a, b) {
  const across = (a.lon - b.lon) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(across, a.lat - b.lat) * METRES_PER_DEGREE;
}
