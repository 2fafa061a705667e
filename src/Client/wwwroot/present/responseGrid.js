// The choices as tiles in rows and columns: built once, shown by the presenter. Answered by mouse, touch, pen, or a key for each tile.

/** Keys as they lie: the left four of each row make the grid, by their place and not by what is printed on them. */
export const KEY_ROWS = [
  ['Digit1', 'Digit2', 'Digit3', 'Digit4'],
  ['KeyQ', 'KeyW', 'KeyE', 'KeyR'],
  ['KeyA', 'KeyS', 'KeyD', 'KeyF'],
  ['KeyZ', 'KeyX', 'KeyC', 'KeyV'],
];
const DONT_KNOW_KEY = 'Space', PATIENCE_MS = 1000;

export function columnsFor(count, inRow) {
  if (inRow) return count;
  return count <= 4 ? 2 : count <= 9 ? 3 : 4;
}

/** The usual key of each tile: under the two index fingers for two side by side, numbers for more, the place on the keyboard in a grid. */
export function keysFor(count, inRow) {
  if (inRow) return count === 2 ? ['KeyF', 'KeyJ'] : Array.from({ length: count }, (_, n) => `Digit${n + 1}`);
  const columns = columnsFor(count);
  return KEY_ROWS.flatMap(row => row.slice(0, columns)).slice(0, count);
}

export class ResponseGrid {
  element = document.createElement('div');
  #tiles = []; #icons; #drawings = new Map(); #keys; #forget = new AbortController(); #answer; #held = false; #open = false;

  /**
   * options: { choices: [string], labels?: [string], inRow, icons: folder or null, laterChoices?: [string], keys?: [code], dontKnow: label or null, name: accessible name }
   * laterChoices are those that will be offered: their drawings are fetched now.
   * answer(kind, choice, device, timeStamp): kind is Choice or DontKnow.
   */
  constructor(options, answer) {
    const { choices, inRow, dontKnow } = options;
    this.#keys = options.keys ?? [...keysFor(choices.length, inRow), ...dontKnow ? [DONT_KNOW_KEY] : []];
    this.#answer = answer;
    const columns = columnsFor(choices.length, inRow);
    this.element.className = inRow ? 'grid in-row' : 'grid';
    this.element.role = 'group';
    this.element.ariaLabel = options.name;
    this.element.style.setProperty('--columns', columns);
    this.element.style.setProperty('--rows', Math.ceil(choices.length / columns) + (dontKnow ? 0.5 : 0));
    this.element.inert = true;
    this.#icons = options.icons;
    choices.forEach((choice, n) => this.#add('Choice', choice, options.labels?.[n] ?? choice));
    if (dontKnow) this.#add('DontKnow', null, dontKnow);
    if (options.icons) for (const choice of options.laterChoices ?? []) this.#drawingOf(choice);
    document.addEventListener('keydown', this.#keydown, { signal: this.#forget.signal });
    this.#printKeys();
  }

  /** Other choices on the same tiles, as many as before. Resolved when their drawings are there; a bad line is not waited for. */
  async offer(choices) {
    const tiles = this.#tiles.filter(tile => tile.kind === 'Choice');
    for (const tile of tiles) tile.drawing?.icon.remove();
    tiles.forEach((tile, n) => this.#write(tile, choices[n], choices[n]));
    await Promise.race([Promise.all(tiles.map(tile => tile.drawing?.ready)), new Promise(resume => setTimeout(resume, PATIENCE_MS))]);
  }

  open() {
    this.#open = true;
    this.element.inert = this.#held;
  }

  close() {
    this.#open = false;
    this.element.inert = true;
  }

  hold(held) {
    this.#held = held;
    this.element.inert = held || !this.#open;
  }

  mark(choice) {
    this.#tiles.find(tile => tile.choice === choice)?.element.classList.add('chosen');
  }

  clear() {
    for (const tile of this.#tiles) tile.element.classList.remove('chosen');
  }

  dispose() { this.#forget.abort(); }

  #add(kind, choice, text) {
    const element = Object.assign(document.createElement('button'), { type: 'button', className: kind === 'DontKnow' ? 'tile dont-know' : 'tile' });
    const label = Object.assign(document.createElement('span'), { className: 'label' });
    const key = Object.assign(document.createElement('kbd'), { textContent: printed(this.#keys[this.#tiles.length]), ariaHidden: 'true' });
    element.append(label, key);
    const tile = { kind, choice, element, label, key, drawing: null };
    const signal = this.#forget.signal;
    element.addEventListener('pointerdown', e => { if (e.button === 0) this.#answer(kind, tile.choice, e.pointerType || 'other', e.timeStamp); }, { signal });
    // A click without a pointer comes from assistive technology or from Enter on a focused tile.
    element.addEventListener('click', e => { if (e.detail === 0) this.#answer(kind, tile.choice, 'other', e.timeStamp); }, { signal });
    this.#write(tile, choice, text);
    this.element.append(element);
    this.#tiles.push(tile);
  }

  #write(tile, choice, text) {
    tile.choice = choice;
    tile.element.dataset.choice = choice ?? '';
    tile.label.textContent = text;
    const drawing = tile.drawing = this.#icons && choice !== null ? this.#drawingOf(choice) : null;
    const draw = () => {
      if (tile.drawing !== drawing) return;
      // Without a drawing the label alone fills the tile.
      tile.element.classList.toggle('wordy', !drawing || drawing.missing);
      if (drawing?.missing) drawing.icon.remove();
      else if (drawing) tile.element.prepend(drawing.icon);
    };
    draw();
    drawing?.ready.then(draw);
  }

  /** The drawing of a choice, fetched once: { icon, missing, ready }. A choice is on one tile at a time. */
  #drawingOf(choice) {
    if (!this.#drawings.has(choice)) {
      const icon = Object.assign(new Image(), { alt: '', draggable: false, src: `${this.#icons}/${encodeURIComponent(choice)}.svg` });
      const drawing = { icon, missing: false, ready: icon.decode().catch(() => { drawing.missing = true; }) };
      this.#drawings.set(choice, drawing);
    }
    return this.#drawings.get(choice);
  }

  #keydown = e => {
    if (e.repeat || e.ctrlKey || e.altKey || e.metaKey || this.element.inert) return;
    const tile = this.#tiles[this.#keys.indexOf(e.code)];
    if (!tile) return;
    e.preventDefault();
    this.#answer(tile.kind, tile.choice, 'key', e.timeStamp);
  };

  // Where the browser knows the keyboard's layout, the hint says what is printed on the key.
  async #printKeys() {
    try {
      const layout = await navigator.keyboard?.getLayoutMap();
      if (layout) this.#tiles.forEach((tile, n) => { tile.key.textContent = layout.get(this.#keys[n]) ?? printed(this.#keys[n]); });
    } catch {
      // Not allowed here (a frame of another site): the usual letters stay.
    }
  }
}

function printed(code) {
  return (code ?? '').replace(/^(Key|Digit|Arrow)/, '').toLowerCase();
}
