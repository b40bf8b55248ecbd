// An address with an anchor leads to a heading that comes late, below pictures that grow later still.
// For a while, or until the reader does something, it is kept in sight.

(() => {
  const PATIENCE = 20000; // ms
  const EVERY = 200;
  const id = location.hash.slice(1);
  if (!id) return;
  const began = performance.now();
  const keeping = setInterval(() => {
    if (performance.now() - began > PATIENCE) stop();
    document.getElementById(id)?.scrollIntoView();
  }, EVERY);
  const acts = ["wheel", "pointerdown", "touchstart", "keydown"];
  const stop = () => {
    clearInterval(keeping);
    for (const act of acts) removeEventListener(act, stop, true);
  };
  for (const act of acts) addEventListener(act, stop, true);
})();
