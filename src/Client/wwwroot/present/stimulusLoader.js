// Fetches the pictures or sounds of a session before they are needed, block by block, and opens each before its trial.
// The first block is small, so that the first trial does not wait for the last picture. While one block is shown the next is fetched;
// what has been shown is dropped, so that memory holds two blocks at most.

import { report } from './pictureReports.js';

const AT_ONCE = 4, ATTEMPTS = 6, FIRST_BLOCK = 8, BLOCK = 24;

export class StimulusLoader {
  #open; #files = new Map(); #fetching = new Map(); #ahead = []; #wanted = []; #failed = new Set(); #stopped = false; #workers = 0;
  #first = FIRST_BLOCK; #block = BLOCK; #refill = BLOCK / 2;

  /** open(bytes): what a presenter takes, with a method close(); it throws, or its promise fails, where the bytes cannot be shown. */
  constructor(open) {
    this.#open = open;
  }

  /** Takes the addresses in the order of the trials and starts to fetch the first block; where the study says how many, these few instead of blocks. */
  load(addresses, few) {
    if (few) [this.#first, this.#block, this.#refill] = [few, 1, few - 1];
    this.#ahead = [...addresses];
    this.#wanted = [];
    this.#failed.clear();
    for (const address of this.#files.keys()) if (!addresses.includes(address)) this.#files.delete(address);
    this.#begin(this.#first);
  }

  /** { loaded, total, failed } of the files of the next trials: when they are there, the trials can go on. */
  progress() {
    const next = this.#wanted.slice(0, this.#first);
    return { loaded: next.filter(a => this.#files.has(a)).length, total: next.length, failed: next.filter(a => this.#failed.has(a)).length };
  }

  /** Gives the opened file of an address; fetches it if it is not there yet. */
  async open(address) {
    return await this.#open(await this.#get(address));
  }

  /** The file is not needed any more. */
  forget(address) {
    this.#files.delete(address);
    this.#wanted = this.#wanted.filter(other => other !== address);
    this.#goOn();
  }

  dispose() {
    this.#stopped = true;
    this.#files.clear();
  }

  /** The next block is fetched when half of one is left or less; of few, the next one when one has been shown. */
  #goOn() {
    if (!this.#stopped && this.#ahead.length > 0 && this.#wanted.length <= this.#refill) this.#begin(this.#block);
  }

  #begin(count) {
    this.#wanted.push(...this.#ahead.splice(0, count));
    for (let n = this.#workers; n < AT_ONCE; n++) {
      this.#workers++;
      this.#fetchOn();
    }
  }

  async #fetchOn() {
    while (true) {
      const address = this.#stopped ? null : this.#wanted.find(a => !this.#files.has(a) && !this.#fetching.has(a) && !this.#failed.has(a));
      if (!address) {
        this.#workers--;
        if (this.#workers === 0) this.#goOn();
        return;
      }
      try {
        await this.#get(address);
      } catch {
        // Given up after several attempts; load, or its trial, tries again.
        this.#failed.add(address);
      }
    }
  }

  #get(address) {
    if (this.#files.has(address)) return Promise.resolve(this.#files.get(address));
    if (!this.#fetching.has(address)) {
      this.#fetching.set(address, this.#fetch(address)
        .then(bytes => { if (!this.#stopped) this.#files.set(address, bytes); this.#failed.delete(address); return bytes; })
        .finally(() => this.#fetching.delete(address)));
    }
    return this.#fetching.get(address);
  }

  async #fetch(address) {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await fetch(address, { priority: 'high', cache: attempt === 1 ? 'default' : 'reload' });
        if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
        const bytes = await reply.arrayBuffer();
        await verify(bytes, reply.headers.get('Repr-Digest'));
        // What is broken shows up now, not in its trial.
        (await this.#open(bytes)).close();
        return bytes;
      } catch (failure) {
        if (attempt === ATTEMPTS && !this.#stopped) report(address, failure);
        if (attempt === ATTEMPTS || this.#stopped) throw failure;
        // Doubling, and up to half more by chance: many browsers shall not come back at the same moment.
        await new Promise(resume => setTimeout(resume, 250 * 2 ** attempt * (1 + Math.random() / 2)));
      }
    }
  }
}

/** Throws where the bytes are not those that the server sent. Browsers without a secure context cannot tell. */
async function verify(bytes, digest) {
  const expected = digest?.match(/sha-256=:([^:]+):/)?.[1];
  if (!expected || !globalThis.crypto?.subtle) return;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (btoa(String.fromCharCode(...hash)) !== expected) throw new Error('The file did not arrive as it was sent.');
}
