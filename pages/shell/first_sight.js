// Streamlit's page replaces the server's HTML once its own films are there.
(() => {
  const first = document.getElementById("first-sight");
  const DRAWN = ".st-key-five .card, .stAlert, .stException, [data-testid='stProgress']";
  const watch = new MutationObserver(() => {
    const root = document.getElementById("root");
    if (root === null) return;
    if (!root.querySelector(DRAWN)) {
      // Otherwise screen readers would read two pages.
      root.ariaHidden = "true";
      root.inert = true;
      return;
    }
    watch.disconnect();
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (first.scrollTop > 0) window.fiveFilms.keepAt(first.scrollTop);
        first.remove();
        root.ariaHidden = null;
        root.inert = false;
      }),
    );
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
})();
