// What a researcher's browser keeps of choices on the pages. It is a convenience: where keeping is forbidden, nothing is kept.

export function recall(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

/** An empty value forgets it. */
export function keep(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch { /* See above. */ }
}
