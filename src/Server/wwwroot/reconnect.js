// What happens when the connection of a researcher's page to the server is lost (Blazor's own notice needs inline styles, which the policy forbids).
const notice = document.getElementById('components-reconnect-modal');

// The server is there again but no longer knows this page, or it was away for too long: the page begins anew.
notice.addEventListener('components-reconnect-state-changed', change => {
  if (change.detail.state === 'rejected') location.reload();
});
notice.querySelector('button').addEventListener('click', () => location.reload());
