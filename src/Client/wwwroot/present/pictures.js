// Fetches the pictures of a session before they are needed and decodes each before its trial.

const AT_ONCE = 4, ATTEMPTS = 5;

export function create() {
  return new Pictures();
}

class Pictures {
  #blobs = new Map(); #waiting = []; #total = 0; #stopped = false; #failed = 0;

  /** Starts to fetch the addresses in this order, a few at a time. */
  load(addresses) {
    this.#waiting = addresses.filter(address => !this.#blobs.has(address));
    this.#total = this.#waiting.length + this.#blobs.size;
    this.#failed = 0;
    for (let n = 0; n < AT_ONCE; n++) this.#fetchOn();
  }

  /** { loaded, total, failed }: failed ones were given up after several attempts and are tried again by decode or load. */
  progress() {
    return { loaded: this.#blobs.size, total: this.#total, failed: this.#failed };
  }

  /** Gives the decoded picture of an address; fetches it if it is not there yet. */
  async decode(address) {
    const blob = this.#blobs.get(address) ?? await this.#fetch(address);
    this.#blobs.set(address, blob);
    return await bitmapOf(blob);
  }

  /** The picture is not needed any more. */
  forget(address) {
    this.#blobs.delete(address);
    this.#total--;
  }

  dispose() {
    this.#stopped = true;
    this.#blobs.clear();
  }

  async #fetchOn() {
    while (!this.#stopped && this.#waiting.length > 0) {
      const address = this.#waiting.shift();
      try {
        const blob = await this.#fetch(address);
        if (!this.#blobs.has(address)) this.#blobs.set(address, blob);
      } catch {
        this.#failed++;
      }
    }
  }

  async #fetch(address) {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await fetch(address, { priority: 'high' });
        if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
        const blob = await reply.blob();
        // A broken picture shows up now, not in its trial.
        (await bitmapOf(blob)).close();
        return blob;
      } catch (failure) {
        if (attempt === ATTEMPTS || this.#stopped) throw failure;
        await new Promise(resume => setTimeout(resume, 250 * 2 ** attempt));
      }
    }
  }
}

async function bitmapOf(blob) {
  const first = new Uint8Array(await blob.slice(0, 1).arrayBuffer())[0];
  if (first !== 0x3C) return await createImageBitmap(blob);
  // '<': a drawing. Browsers decode those only through an image element.
  const url = URL.createObjectURL(new Blob([blob], { type: 'image/svg+xml' }));
  try {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    return await createImageBitmap(image, { resizeWidth: 896, resizeHeight: 896 });
  } finally {
    URL.revokeObjectURL(url);
  }
}
