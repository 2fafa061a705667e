// A word is typed and completed to one of the choices: a combobox after the pattern of the ARIA practices guide. Only a word of the list is an answer. Shown by the presenter.

const SHOWN = 6;
// Letters that are no other letter with an accent.
const LIKE = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i' };
let made = 0;

/** A word without accents and capitals: how somebody may type it. */
export function plain(word) {
  return word.trim().toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/[ßæœøłđı]/g, letter => LIKE[letter]);
}

/** The choice that was typed, or undefined: letter by letter if there is one, otherwise but for accents and capitals. */
export function choiceOf(choices, typed) {
  return choices.find(choice => choice === typed.trim()) ?? choices.find(choice => plain(choice) === plain(typed));
}

/** The choice that was typed, those that begin with it, then those with a later word that does. */
export function completions(choices, typed) {
  const start = plain(typed);
  if (!start) return [];
  const parts = choices.map(choice => plain(choice).split(/[\s-]+/)), whole = choiceOf(choices, typed);
  const rank = n => choices[n] === whole ? 0 : plain(choices[n]).startsWith(start) ? 1 : parts[n].some(part => part.startsWith(start)) ? 2 : 3;
  return [0, 1, 2].flatMap(wanted => choices.filter((_, n) => rank(n) === wanted));
}

export class WordEntry {
  element = document.createElement('div');
  #input; #list; #next; #choices; #found = []; #active = -1; #forget = new AbortController(); #answer; #held = false; #open = false;

  /** options: { choices, dontKnow: label or null, name: label of the field, next: label of the button }; answer(kind, choice, device, timeStamp) */
  constructor(options, answer) {
    this.#choices = options.choices;
    this.#answer = answer;
    const id = `word-${++made}`;
    this.element.className = 'word-entry';
    this.element.inert = true;
    const label = Object.assign(document.createElement('label'), { textContent: options.name, htmlFor: id });
    this.#list = Object.assign(document.createElement('ul'), { id: `${id}-list`, role: 'listbox', ariaLabel: options.name });
    this.#input = Object.assign(document.createElement('input'), { id, type: 'text', autocomplete: 'off', spellcheck: false, role: 'combobox', ariaAutoComplete: 'list', ariaExpanded: 'false' });
    this.#input.setAttribute('aria-controls', this.#list.id);
    this.#input.setAttribute('autocapitalize', 'none');
    const signal = this.#forget.signal;
    this.#input.addEventListener('input', () => this.#complete(), { signal });
    this.#input.addEventListener('keydown', this.#keydown, { signal });
    this.#next = Object.assign(document.createElement('button'), { type: 'button', className: 'button', textContent: options.next, disabled: true });
    this.#next.addEventListener('click', e => this.#give(e.pointerType || 'key', e.timeStamp), { signal });
    const line = Object.assign(document.createElement('div'), { className: 'line' });
    line.append(this.#input, this.#next);
    this.element.append(label, line, this.#list);
    if (!options.dontKnow) return;
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'tile wordy dont-know', textContent: options.dontKnow });
    button.addEventListener('click', e => this.#answer('DontKnow', null, e.pointerType || 'key', e.timeStamp), { signal });
    this.element.append(button);
  }

  open() {
    this.#open = true;
    this.element.inert = this.#held;
    if (!this.#held) this.#input.focus({ preventScroll: true });
  }

  close() {
    this.#open = false;
    this.element.inert = true;
  }

  hold(held) {
    this.#held = held;
    this.element.inert = held || !this.#open;
    if (this.#open && !held) this.#input.focus({ preventScroll: true });
  }

  mark(choice) {
    if (choice) this.#fill(choice);
  }

  clear() {
    this.#fill('');
  }

  dispose() { this.#forget.abort(); }

  get #choice() {
    return choiceOf(this.#choices, this.#input.value);
  }

  #complete() {
    this.#show(completions(this.#choices, this.#input.value).slice(0, SHOWN));
  }

  #fill(word) {
    this.#input.value = word;
    this.#show([]);
  }

  #give(device, timeStamp) {
    const choice = this.#choice;
    if (choice !== undefined) this.#answer('Choice', choice, device, timeStamp);
  }

  #show(found) {
    this.#found = found;
    this.#next.disabled = this.#choice === undefined;
    this.#input.ariaExpanded = String(found.length > 0);
    this.#list.replaceChildren(...found.map((word, n) => {
      const item = Object.assign(document.createElement('li'), { id: `${this.#input.id}-${n}`, role: 'option', textContent: word });
      item.addEventListener('pointerdown', e => {
        e.preventDefault();
        if (e.button === 0) this.#fill(word);
      });
      return item;
    }));
    this.#activate(found.length > 0 ? 0 : -1);
  }

  #activate(n) {
    this.#active = n;
    [...this.#list.children].forEach((item, i) => { item.ariaSelected = String(i === n); });
    if (n < 0) this.#input.removeAttribute('aria-activedescendant');
    else this.#input.setAttribute('aria-activedescendant', `${this.#input.id}-${n}`);
  }

  #keydown = e => {
    const count = this.#found.length;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (count > 0) this.#activate((this.#active + (e.key === 'ArrowDown' ? 1 : count - 1)) % count);
    } else if (e.key === 'Enter') {
      e.preventDefault();
      const proposed = this.#found[this.#active];
      // What is not typed to its end is completed first; the next press gives it.
      if (proposed !== undefined && proposed !== this.#choice) this.#fill(proposed);
      else this.#give('key', e.timeStamp);
    } else if (e.key === 'Escape') {
      this.clear();
    }
  };
}
