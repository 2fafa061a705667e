// Small helps of the pages of studies.

/** Brings a field into view, marks it for a moment, and puts the cursor into it. */
export function jumpTo(id) {
  const field = document.getElementById(id);
  if (!field) return;
  field.scrollIntoView({ behavior: 'smooth', block: 'center' });
  field.querySelector('input, textarea, button, [tabindex]')?.focus({ preventScroll: true });
  field.classList.add('jumped');
  setTimeout(() => field.classList.remove('jumped'), 2000);
}
