// What happened and when: as many events as fit are kept, all are counted, and nothing is allocated while they come.

export class EventLog {
  #what; #at; #kept = 0; count = 0;

  constructor(room) {
    this.#what = new Array(room).fill('');
    this.#at = new Float64Array(room);
  }

  clear() {
    this.#kept = this.count = 0;
  }

  add(what, at) {
    this.count++;
    if (this.#kept === this.#at.length) return;
    this.#what[this.#kept] = what;
    this.#at[this.#kept++] = at;
  }

  /** [{ what, atMs }] */
  events() {
    return Array.from({ length: this.#kept }, (_, n) => ({ what: this.#what[n], atMs: this.#at[n] }));
  }
}
