// Links between pages: each adds one entry to the browser's history and keeps Streamlit's session.
(() => {
  const PAGES = new Set(__PAGES__);
  const main = () => document.querySelector("[data-testid='stMain']");
  const pageAt = ({ pathname, search }) => pathname + new URLSearchParams(search).get("id");

  // As the browser's Back does: Streamlit then reads the whole address.
  const go = (address) => {
    const app = document.querySelector("[data-testid='stApp']");
    const isThere = app?.dataset.testConnectionState === "CONNECTED";
    if (!isThere || document.getElementById("first-sight")) {
      location.assign(address);
    } else {
      history.pushState({}, "", address);
      dispatchEvent(new PopStateEvent("popstate"));
    }
  };

  // The menu of a phone, and the part of the menu that doesn't fit into a narrow window.
  const MENUS = {
    "[data-testid='stSidebar']": "[data-testid='stSidebarCollapseButton'] button",
    "[data-testid='stTopNavPopover']": "[data-testid='stTopNavSection'][aria-expanded='true']",
  };
  const closeMenuOf = (link) => {
    for (const [menu, closes] of Object.entries(MENUS)) {
      if (link.closest(menu)) document.querySelector(closes)?.click();
    }
  };

  const follow = (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || link.hash) return;
    if (link.closest("[data-testid='stLinkButton']")) return; // it opens a window of its own
    if (link.origin !== location.origin || !PAGES.has(link.pathname)) return;
    event.preventDefault();
    event.stopPropagation();
    go(link.href);
    closeMenuOf(link);
  };
  addEventListener("click", follow, { capture: true });

  // A new page opens at its top; going back restores the position.
  const left = new Map();
  const here = () => location.pathname + location.search;
  let last = here();
  const { pushState, replaceState } = history;
  history.pushState = function (...how) {
    const before = pageAt(location);
    left.set(last, main()?.scrollTop ?? 0);
    pushState.apply(this, how);
    last = here();
    if (pageAt(location) !== before) main()?.scrollTo(0, 0);
  };
  history.replaceState = function (...how) {
    replaceState.apply(this, how);
    last = here();
  };
  addEventListener("popstate", (event) => {
    if (!event.isTrusted || here() === last) return; // an anchor on the same page
    left.set(last, main()?.scrollTop ?? 0);
    last = here();
    keepAt(left.get(last) ?? 0);
  });

  // The page grows while it is drawn. Any input from the user stops this.
  const keepAt = (place) => {
    const still = new AbortController();
    const watch = new MutationObserver(() => main()?.scrollTo(0, place));
    const end = () => {
      watch.disconnect();
      still.abort();
    };
    watch.observe(document.body, { childList: true, subtree: true });
    setTimeout(end, 5000);
    for (const doing of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      addEventListener(doing, end, { signal: still.signal, capture: true, passive: true });
    }
    main()?.scrollTo(0, place);
  };
  window.fiveFilms = { go, keepAt };
})();
