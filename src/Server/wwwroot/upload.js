// Files that are chosen or dropped, and their upload in pieces by the tus protocol: a cut connection costs a piece, not the file.
import { asWav } from './decode-sound.js';

const pieceBytes = 4 * 1024 * 1024;
const atATime = 3;
const patienceMs = 10 * 60 * 1000;
const tus = { 'Tus-Resumable': '1.0.0' };

// Listens to a drop zone and its inputs. The page hears what was chosen, says when to begin, and hears how it goes. Sounds are decoded here if the page wants it.
export function listen(zone, page, decodeSounds) {
  let files = [];
  let stop = new AbortController();

  const choose = async found => {
    revoke();
    files = found.map(f => ({ ...f, url: null })).sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
    await page.invokeMethodAsync('ChoosingAsync', files.length);
    // In parts: one message to the server holds at most 32 kB.
    for (let from = 0; from < files.length; from += 100) {
      await page.invokeMethodAsync('ChosenAsync', files.slice(from, from + 100).map(f => ({ path: f.path, size: f.file.size })));
    }
    await page.invokeMethodAsync('AllChosenAsync');
  };
  const revoke = () => files.forEach(f => f.url && URL.revokeObjectURL(f.url));
  const inputs = [...zone.querySelectorAll('input[type=file]')];
  for (const input of inputs) {
    input.addEventListener('change', async () => {
      if (input.files.length === 0) return;
      const chosen = [...input.files].map(file => ({ file, path: file.webkitRelativePath || file.name }));
      // So that the same file can be chosen again after it was put right.
      input.value = '';
      await choose(chosen);
    });
    input.dataset.ready = 'true';
  }
  zone.addEventListener('dragover', event => { event.preventDefault(); zone.classList.add('drop-zone-over'); });
  zone.addEventListener('dragleave', () => zone.classList.remove('drop-zone-over'));
  zone.addEventListener('drop', async event => {
    event.preventDefault();
    zone.classList.remove('drop-zone-over');
    if (inputs.every(i => i.disabled)) return;
    const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
    const found = (await Promise.all(entries.map(e => walk(e, '')))).flat();
    if (found.length > 0) await choose(found);
  });

  return {
    // Addresses under which this page can show the first pictures.
    preview(most) {
      return files.slice(0, 4 * most).filter(f => f.file.type.startsWith('image/')).slice(0, most).map(f => f.url ??= URL.createObjectURL(f.file));
    },
    async upload(indices) {
      stop = new AbortController();
      const progress = report(page);
      const rest = [...indices];
      const next = async () => {
        for (let index = rest.shift(); index !== undefined && !stop.signal.aborted; index = rest.shift()) {
          try {
            const { file, path } = files[index], sending = decodeSounds ? await asWav(file) : file;
            const id = await send(sending, path, sent => progress(index, Math.round(sent * file.size / sending.size)), stop.signal);
            await tell(page, 'UploadedAsync', index, id);
          } catch (error) {
            await tell(page, 'FailedAsync', index, stop.signal.aborted ? 'The upload was stopped. Choose the file again: it goes on where it stopped.' : error.message);
          }
        }
      };
      await Promise.all(Array.from({ length: atATime }, next));
    },
    stop() { stop.abort(); },
    forget() { stop.abort(); revoke(); files = []; },
  };
}

// The page's own connection may be away at this moment, too.
async function tell(page, method, ...args) {
  for (let tries = 0; ; tries++) {
    try {
      return await page.invokeMethodAsync(method, ...args);
    } catch (error) {
      if (tries >= 180) throw error;
      await new Promise(resolve => setTimeout(resolve, 1000));
    }
  }
}

// Four times a second, for all files that moved.
function report(page) {
  let moved = new Map(), timer = null;
  return (index, sent) => {
    moved.set(index, sent);
    timer ??= setTimeout(() => {
      const news = [...moved].map(([i, s]) => ({ index: i, sent: s }));
      (moved = new Map(), timer = null);
      page.invokeMethodAsync('ProgressAsync', news).catch(() => { });
    }, 250);
  };
}

async function walk(entry, folder) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: folder + entry.name }];
  }
  const reader = entry.createReader(), found = [];
  // A reader gives at most a hundred entries at a time.
  for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length > 0;) found.push(...some);
  return (await Promise.all(found.map(e => walk(e, `${folder}${entry.name}/`)))).flat();
}

async function send(file, path, sent, signal) {
  const key = `upload:${path}:${file.size}:${file.lastModified}`;
  let address = localStorage.getItem(key), offset = 0, cutSince = null, pause = 500;
  while (true) {
    signal.throwIfAborted();
    try {
      if (address !== null) offset = await offsetOf(address, signal);
      if (address === null || offset === null) {
        address = await begin(file, path, signal);
        offset = 0;
        localStorage.setItem(key, address);
      }
      while (offset < file.size) {
        offset = await patch(address, file.slice(offset, offset + pieceBytes), offset, signal);
        sent(offset);
        (cutSince = null, pause = 500);
      }
      localStorage.removeItem(key);
      return address.split('/').pop();
    } catch (error) {
      if (error.refused) localStorage.removeItem(key);
      if (signal.aborted || error.final) throw error;
      // Cut: what has arrived counts, and the server says how much that is.
      cutSince ??= Date.now();
      if (Date.now() - cutSince > patienceMs) throw new Error('The connection was away for ten minutes. Choose the file again: the upload goes on where it stopped.');
      await new Promise(resolve => setTimeout(resolve, pause));
      pause = Math.min(2 * pause, 10000);
    }
  }
}

async function begin(file, path, signal) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(path.split('/').pop())));
  const answer = await checked(await fetch('/admin/uploads', { method: 'POST', headers: { ...tus, 'Upload-Length': file.size, 'Upload-Metadata': `filename ${name}` }, signal }));
  return answer.headers.get('Location');
}

async function offsetOf(address, signal) {
  const answer = await fetch(address, { method: 'HEAD', headers: tus, signal });
  if (answer.status === 404) return null;
  return Number((await checked(answer)).headers.get('Upload-Offset'));
}

async function patch(address, piece, offset, signal) {
  const answer = await checked(await fetch(address, { method: 'PATCH', headers: { ...tus, 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' }, body: piece, signal }));
  return Number(answer.headers.get('Upload-Offset'));
}

// What cannot get better by waiting is final; what the server does not want at all is refused.
async function checked(answer) {
  if (answer.redirected || answer.status === 401) throw Object.assign(new Error('You are signed out. Sign in again, then choose the file again: the upload goes on where it stopped.'), { final: true });
  if (answer.status === 400 || answer.status === 413) throw Object.assign(new Error(await answer.text()), { final: true, refused: true });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer;
}
