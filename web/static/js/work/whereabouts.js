// Where the phone is, in WGS84 degrees with its accuracy in metres; asked for only while a screen needs it and the page is in sight.

const WISH = { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 };

export class Whereabouts {
  constructor(tell) {
    Object.assign(this, { tell, wanted: 0, watch: null });
    document.addEventListener("visibilitychange", () => this._settle());
  }

  follow() {
    this.wanted += 1;
    this._settle();
    let isOver = false;
    return () => {
      this.wanted -= isOver ? 0 : 1;
      isOver = true;
      this._settle();
    };
  }

  _settle() {
    const isNeeded = this.wanted > 0 && !document.hidden && navigator.geolocation;
    if (isNeeded && this.watch === null) this.watch = navigator.geolocation.watchPosition((place) => this.tell(told(place)), () => {}, WISH);
    if (isNeeded || this.watch === null) return;
    navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
  }
}

function told({ coords, timestamp }) {
  return { lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy, at: new Date(timestamp).toISOString() };
}
