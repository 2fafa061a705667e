// Without cookies and storage a session could not be kept: said before anything is agreed to.

async function canKeep() {
  if (!navigator.cookieEnabled) return false;
  try {
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open('perception-study-check', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('check');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    await new Promise((resolve, reject) => {
      const transaction = database.transaction('check', 'readwrite');
      transaction.objectStore('check').put(1, 1);
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    database.close();
    indexedDB.deleteDatabase('perception-study-check');
    return true;
  } catch {
    return false;
  }
}

if (!await canKeep()) {
  document.getElementById('no-storage').hidden = false;
  document.getElementById('consent')?.remove();
}
