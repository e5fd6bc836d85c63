// The hour that the page shows. While it plays, listeners are called once a picture; `exact` moves between the hours.

const CALM = 2; // steps a second where motion is to be reduced

export class Clock {
  constructor(hours, calm = matchMedia("(prefers-reduced-motion: reduce)").matches) {
    this.hours = hours; // hours 0 .. hours - 1 can be shown
    this.exact = 0;
    this.playing = false;
    this.speed = 24; // hours a second
    this.calm = calm;
    this.listeners = new Set();
  }

  get hour() {
    return Math.min(Math.floor(this.exact), this.hours - 1);
  }

  /** Call fn(hour, exact) at every change; returns what ends that. */
  on(fn) {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  set(hour) {
    this.exact = this.within(hour);
    this.tell();
  }

  /** The nearest hour that can be shown; the one that is shown, where the address says what is no number. */
  within(hour) {
    return Number.isNaN(hour) ? this.exact : Math.max(0, Math.min(hour, this.hours - 1));
  }

  step(hours) {
    this.pause();
    this.set(this.hour + hours);
  }

  play() {
    if (this.playing) return;
    if (this.hour >= this.hours - 1) this.exact = 0;
    this.playing = true;
    this.last = performance.now();
    this.tell();
    this.calm ? this.tick() : requestAnimationFrame((now) => this.frame(now));
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.tell();
  }

  frame(now) {
    if (!this.playing) return;
    this.forward(((now - this.last) / 1000) * this.speed);
    this.last = now;
    if (this.playing) requestAnimationFrame((next) => this.frame(next));
  }

  tick() {
    if (!this.playing) return;
    setTimeout(() => {
      if (!this.playing) return;
      this.forward(this.speed / CALM);
      this.tick();
    }, 1000 / CALM);
  }

  forward(hours) {
    this.exact = Math.min(this.exact + hours, this.hours - 1);
    if (this.exact >= this.hours - 1) this.playing = false;
    this.tell();
  }

  tell() {
    for (const fn of [...this.listeners]) fn(this.hour, this.exact);
  }
}
