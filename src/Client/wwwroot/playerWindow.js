// The window around the session: one tab for each, and full screen where the browser has it; a refusal of that is not an error.
window.playerWindow = {
  /** Takes a session for this tab; false if another tab has it. It is free again when the tab is gone. */
  holdSession(id) {
    // Only there over https and on this computer; without it two tabs ask the same, and the first answer to a trial counts.
    if (!navigator.locks) return true;
    return new Promise(told => navigator.locks.request(`session-${id}`, { ifAvailable: true }, lock => {
      told(lock !== null);
      return lock && new Promise(() => {});
    }));
  },
  async enterFullScreen() {
    try {
      await document.documentElement.requestFullscreen?.({ navigationUI: 'hide' });
    } catch (refused) {
      console.info(`No full screen: ${refused.message}`);
    }
  },
  async leaveFullScreen() {
    if (document.fullscreenElement) await document.exitFullscreen();
  },
};
