// The choices as tiles: built once, shown by the presenter. Answered by mouse, touch, pen, or the key at the tile's place on the keyboard.

/** Keys as they lie: the left four of each row make the grid, by their place and not by what is printed on them. */
export const KEY_ROWS = [
  ['Digit1', 'Digit2', 'Digit3', 'Digit4'],
  ['KeyQ', 'KeyW', 'KeyE', 'KeyR'],
  ['KeyA', 'KeyS', 'KeyD', 'KeyF'],
  ['KeyZ', 'KeyX', 'KeyC', 'KeyV'],
];

export function columnsFor(count) {
  return count <= 4 ? 2 : count <= 9 ? 3 : 4;
}

/** The key of each choice. */
export function keysFor(count) {
  const columns = columnsFor(count);
  return KEY_ROWS.flatMap(row => row.slice(0, columns)).slice(0, count);
}

export class ResponseGrid {
  element = document.createElement('div');
  #tiles = []; #keys; #forget = new AbortController(); #answer; #held = false;

  /** answer(choice, device, timeStamp) */
  constructor(choices, iconFolder, keys, answer) {
    this.#keys = keys ?? keysFor(choices.length);
    this.#answer = answer;
    this.element.className = 'grid';
    this.element.style.setProperty('--columns', columnsFor(choices.length));
    this.element.style.setProperty('--rows', Math.ceil(choices.length / columnsFor(choices.length)));
    this.element.inert = true;
    choices.forEach((choice, n) => this.element.append(this.#tile(choice, iconFolder, n)));
    document.addEventListener('keydown', this.#keydown, { signal: this.#forget.signal });
    this.#printKeys();
  }

  open() { this.element.inert = this.#held; }

  close() { this.element.inert = true; }

  hold(held) {
    this.#held = held;
    this.element.inert = held;
  }

  mark(choice) {
    this.#tiles.find(tile => tile.dataset.choice === choice)?.classList.add('chosen');
  }

  clear() {
    for (const tile of this.#tiles) tile.classList.remove('chosen');
  }

  dispose() { this.#forget.abort(); }

  #tile(choice, iconFolder, n) {
    const tile = document.createElement('button');
    tile.type = 'button';
    tile.className = 'tile';
    tile.dataset.choice = choice;
    const label = Object.assign(document.createElement('span'), { className: 'label', textContent: choice });
    const key = Object.assign(document.createElement('kbd'), { textContent: printed(this.#keys[n]) });
    const icon = Object.assign(new Image(), { alt: '', draggable: false, src: `${iconFolder}/${encodeURIComponent(choice)}.svg` });
    // Without a drawing the label alone fills the tile.
    icon.addEventListener('error', () => { icon.remove(); tile.classList.add('wordy'); });
    tile.append(icon, label, key);
    const signal = this.#forget.signal;
    tile.addEventListener('pointerdown', e => { if (e.button === 0) this.#answer(choice, e.pointerType || 'other', e.timeStamp); }, { signal });
    // A click without a pointer comes from assistive technology or from Enter on a focused tile.
    tile.addEventListener('click', e => { if (e.detail === 0) this.#answer(choice, 'other', e.timeStamp); }, { signal });
    this.#tiles.push(tile);
    return tile;
  }

  #keydown = e => {
    if (e.repeat || e.ctrlKey || e.altKey || e.metaKey || this.element.inert) return;
    const n = this.#keys.indexOf(e.code);
    if (n < 0 || n >= this.#tiles.length) return;
    e.preventDefault();
    this.#answer(this.#tiles[n].dataset.choice, 'key', e.timeStamp);
  };

  // Where the browser knows the keyboard's layout, the hint says what is printed on the key.
  async #printKeys() {
    try {
      const layout = await navigator.keyboard?.getLayoutMap();
      if (layout) this.#tiles.forEach((tile, n) => { tile.lastChild.textContent = layout.get(this.#keys[n]) ?? printed(this.#keys[n]); });
    } catch {
      // Not allowed here (a frame of another site): the usual letters stay.
    }
  }
}

function printed(code) {
  return (code ?? '').replace(/^(Key|Digit)/, '').toLowerCase();
}
