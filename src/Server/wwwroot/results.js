// Saves a chart of the results page as it looks, colours and fonts written into it, or a text.

const styles = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity', 'font-family', 'font-size', 'font-weight', 'letter-spacing', 'text-anchor'];

function standalone(selector) {
  const shown = document.querySelector(selector);
  const copy = shown.cloneNode(true);
  const originals = shown.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, i) => {
    const computed = getComputedStyle(originals[i]);
    for (const name of styles) element.style.setProperty(name, computed.getPropertyValue(name));
  });
  const [, , width, height] = shown.getAttribute('viewBox').split(' ').map(Number);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', width);
  ground.setAttribute('height', height);
  ground.style.fill = getComputedStyle(document.documentElement).getPropertyValue('--mud-palette-surface') || 'white';
  copy.prepend(ground);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function saveText(text, name, type) {
  save(new Blob([text], { type: `${type};charset=utf-8` }), name);
}

export function saveSvg(selector, name) {
  saveText(standalone(selector).text, `${name}.svg`, 'image/svg+xml');
}

// Four pixels for each unit of the drawing: 300 dots per inch at a column's width.
export async function savePng(selector, name) {
  const { text, width, height } = standalone(selector);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = new OffscreenCanvas(4 * width, 4 * height);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  save(await canvas.convertToBlob({ type: 'image/png' }), `${name}.png`);
}
