// Tells the researchers that a picture could not be loaded. A report is kept in the browser until the server has it, also over a reload: when
// pictures fail, the network often fails too.

const KEY = 'perception-study-picture-reports', MOST = 50;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function keep(reports) {
  try {
    localStorage.setItem(KEY, JSON.stringify(reports.slice(-MOST)));
  } catch {
    // Nothing can be kept here; sending is tried nevertheless.
  }
}

/** Keeps a report of a picture's address, and sends what is kept. */
export function report(address, failure) {
  const message = String(failure?.message ?? failure).slice(0, 300);
  if (!kept().some(r => r.address === address)) keep([...kept(), { address, message }]);
  send();
}

async function send() {
  for (const { address, message } of kept()) {
    try {
      const reply = await fetch(`${address}/failure`, { method: 'POST', body: message, headers: { 'Content-Type': 'text/plain' } });
      // A trial that is not there any more needs no report.
      if (reply.ok || reply.status === 404) keep(kept().filter(r => r.address !== address));
    } catch {
      // At the next failure, when the network is back, or at the next visit.
      return;
    }
  }
}

addEventListener('online', send);
send();
