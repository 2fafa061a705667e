// A word is typed and completed to one of the choices: a combobox after the pattern of the ARIA practices guide. Shown by the presenter.

const SHOWN = 6;
let made = 0;

/** The choices that begin with what was typed, then those with a later word that does. */
export function completions(choices, typed) {
  const start = typed.trim().toLocaleLowerCase();
  if (!start) return [];
  const lower = choices.map(choice => choice.toLocaleLowerCase());
  const first = choices.filter((_, n) => lower[n].startsWith(start));
  return [...first, ...choices.filter((choice, n) => !first.includes(choice) && lower[n].split(/[\s-]+/).some(word => word.startsWith(start)))];
}

export class WordEntry {
  element = document.createElement('div');
  #input; #list; #choices; #found = []; #active = -1; #forget = new AbortController(); #answer; #held = false; #open = false;

  /** options: { choices, dontKnow: label or null, name: label of the field }; answer(kind, choice, device, timeStamp) */
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
    this.element.append(label, this.#input, this.#list);
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
    if (choice) this.#input.value = choice;
    this.#show([]);
  }

  clear() {
    this.#input.value = '';
    this.#show([]);
  }

  dispose() { this.#forget.abort(); }

  #complete() {
    this.#show(completions(this.#choices, this.#input.value).slice(0, SHOWN));
  }

  #show(found) {
    this.#found = found;
    this.#input.ariaExpanded = String(found.length > 0);
    this.#list.replaceChildren(...found.map((word, n) => {
      const item = Object.assign(document.createElement('li'), { id: `${this.#input.id}-${n}`, role: 'option', textContent: word });
      item.addEventListener('pointerdown', e => {
        e.preventDefault();
        if (e.button === 0) this.#answer('Choice', word, e.pointerType || 'other', e.timeStamp);
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
      if (this.#active >= 0) this.#answer('Choice', this.#found[this.#active], 'key', e.timeStamp);
    } else if (e.key === 'Escape') {
      this.clear();
    }
  };
}
