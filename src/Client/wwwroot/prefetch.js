// Fetches the player's code while the first page is read, after everything that the page itself needs.
// It only fills the browser's cache: where anything of it fails, the player loads it itself.

const files = ['/_framework/blazor.web.js', '/present/image.js', '/present/trial.js', '/present/frameClock.js', '/present/responseGrid.js', '/present/layers.js', '/present/masks.js', '/present/fourier.js', '/present/eventLog.js', '/present/longTasks.js', '/present/wordEntry.js', '/present/pictures.js', '/present/stimulusLoader.js', '/outbox/outbox.js', '/playerWindow.js'];
const runtime = document.querySelector('[data-runtime]').dataset.runtime.split(' ').map(file => `/${file}`);
const knowsPrefetch = document.createElement('link').relList.supports('prefetch');
const idle = window.requestIdleCallback ?? (work => setTimeout(work, 300));

addEventListener('load', () => idle(async () => {
  try {
    for (const address of [...files, ...runtime]) {
      // WebKit knows no prefetch.
      if (knowsPrefetch) document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: address }));
      else await (await fetch(address, { priority: 'low' })).arrayBuffer();
    }
    const { dotnet } = await import('/_framework/dotnet.js');
    await dotnet.download();
  } catch (failure) {
    console.info(`Nothing was fetched ahead: ${failure.message}`);
  }
}));
