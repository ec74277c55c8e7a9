// How far apart two places given in degrees are, in metres, along the straight line; on the ellipsoid, good for a city.

// How long a degree is at a latitude: [eastwards, northwards] in metres. The usual series for the ellipsoid; exact to a metre.
export function degreeAt(lat) {
  const phi = (lat * Math.PI) / 180;
  return [111_412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi), 111_132.92 - 559.82 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi)];
}

export function metresBetween(a, b) {
  const [east, north] = degreeAt((a.lat + b.lat) / 2);
  return Math.hypot((a.lon - b.lon) * east, (a.lat - b.lat) * north);
}

// As people say it: by ten metres, by hundred from a kilometre on.
export function farWords(metres) {
  return metres < 1000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
}
