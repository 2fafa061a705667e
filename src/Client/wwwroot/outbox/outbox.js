// Answers that the server has not confirmed yet, in IndexedDB: they outlive reload, closing and a crash of the browser.

const DATABASE = 'perception-study', STORE = 'outbox';

let opened;

function open() {
  return opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(STORE, { keyPath: 'order', autoIncrement: true });
      store.createIndex('trial', ['sessionId', 'trialId'], { unique: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => { opened = undefined; reject(request.error); };
  });
}

function inStore(mode, work) {
  return open().then(database => new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' });
    let result;
    work(transaction.objectStore(STORE), value => { result = value; });
    // Only now is it on the disk.
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  }));
}

/** Whether this browser lets the page keep anything; throws where it does not. */
export async function check() {
  await open();
}

/** Keeps an answer. Of two answers to one trial the first stays. */
export function add(sessionId, trialId, json) {
  return inStore('readwrite', store => {
    const known = store.index('trial').getKey([sessionId, trialId]);
    known.onsuccess = () => { if (known.result === undefined) store.add({ sessionId, trialId, json }); };
  });
}

/** All answers kept, oldest first: [{ order, sessionId, trialId, json }]. */
export function all() {
  return inStore('readonly', (store, give) => {
    const request = store.getAll();
    request.onsuccess = () => give(request.result);
  });
}

/** The server has them. */
export function remove(orders) {
  return inStore('readwrite', store => { for (const order of orders) store.delete(order); });
}

/** The participant left: nothing of this session is kept. */
export function removeSession(sessionId) {
  return inStore('readwrite', store => {
    const range = IDBKeyRange.bound([sessionId], [sessionId, []]);
    const cursor = store.index('trial').openKeyCursor(range);
    cursor.onsuccess = () => {
      if (!cursor.result) return;
      store.delete(cursor.result.primaryKey);
      cursor.result.continue();
    };
  });
}

/** Returns after so many ms, or at once when the network comes back. */
export function pause(ms) {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}
