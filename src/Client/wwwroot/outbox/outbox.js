// Answers that the server has not confirmed yet, in IndexedDB: they outlive reload, closing and a crash of the browser.

const DATABASE = 'perception-study', STORE = 'outbox', BEGUN = 'begun';

let opened;

function open() {
  return opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 2);
    request.onupgradeneeded = change => {
      if (change.oldVersion < 1) {
        const store = request.result.createObjectStore(STORE, { keyPath: 'order', autoIncrement: true });
        store.createIndex('trial', ['sessionId', 'trialId'], { unique: true });
      }
      request.result.createObjectStore(BEGUN, { keyPath: 'sessionId' });
    };
    request.onsuccess = () => {
      // Another tab with newer code may need the store in another form: this one has to be opened anew then.
      request.result.onversionchange = () => { request.result.close(); opened = undefined; };
      resolve(request.result);
    };
    request.onerror = () => { opened = undefined; reject(request.error); };
  });
}

function inStores(names, mode, work) {
  return open().then(database => new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: 'strict' });
    let result;
    work(...names.map(name => transaction.objectStore(name)), value => { result = value; });
    // Only now is it on the disk.
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  }));
}

/** Whether this browser lets the page keep anything; throws where it does not. */
export async function check() {
  await open();
}

/** Keeps an answer, and with it that no trial is under way any more. Of two answers to one trial the first stays. */
export function add(sessionId, trialId, json) {
  return inStores([STORE, BEGUN], 'readwrite', (store, trials) => {
    trials.delete(sessionId);
    const known = store.index('trial').getKey([sessionId, trialId]);
    known.onsuccess = () => { if (known.result === undefined) store.add({ sessionId, trialId, json }); };
  });
}

/** A trial is about to be shown. */
export function begin(sessionId, trialId) {
  return inStores([BEGUN], 'readwrite', trials => { trials.put({ sessionId, trialId }); });
}

/** The trial that was begun and not answered, or null. */
export function begun(sessionId) {
  return inStores([BEGUN], 'readonly', (trials, give) => {
    const request = trials.get(sessionId);
    request.onsuccess = () => give(request.result?.trialId ?? null);
  });
}

/** All answers kept, oldest first: [{ order, sessionId, trialId, json }]. */
export function all() {
  return inStores([STORE], 'readonly', (store, give) => {
    const request = store.getAll();
    request.onsuccess = () => give(request.result);
  });
}

/** The server has them. */
export function remove(orders) {
  return inStores([STORE], 'readwrite', store => { for (const order of orders) store.delete(order); });
}

/** The participant left: nothing of this session is kept. */
export function removeSession(sessionId) {
  return inStores([STORE, BEGUN], 'readwrite', (store, trials) => {
    trials.delete(sessionId);
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
