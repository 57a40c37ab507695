// What Streamlit lacks for people who can't see the page or don't use a mouse, and for password
// managers: changes are announced, the focus isn't lost, and fields state their purpose.
(() => {
  const FOCUSABLE =
    "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex]";

  const announcer = document.createElement("div");
  announcer.className = "announcer";
  announcer.setAttribute("role", "status");
  announcer.ariaLive = "polite";
  announcer.dataset.liveAnnouncer = ""; // so that dialogs don't hide it
  let announced = 0;
  let forgetting = 0;

  // Announce what pages/parts/announcing.py has put into the page, once.
  const announce = () => {
    for (const said of document.querySelectorAll(".announcement")) {
      const toldAt = Number(said.dataset.toldAt);
      if (toldAt <= announced) continue;
      announced = toldAt;
      announcer.textContent = said.dataset.words;
      clearTimeout(forgetting);
      forgetting = setTimeout(() => (announcer.textContent = ""), 5000);
    }
  };

  const canBeFocused = (element) =>
    element.tabIndex >= 0 && !element.disabled && element.offsetParent !== null;

  // Where the focus was last, unless the user moved it away: the element, its container, and what
  // could be focused then, in order.
  let last = null;
  const remember = (element) => {
    const main = element.closest("[data-testid=stMain]");
    if (!main || element === main) {
      last = null;
      return;
    }
    const within = [];
    for (let each = element.parentElement; each !== main; each = each.parentElement) {
      within.push(each);
    }
    const all = [...main.querySelectorAll(FOCUSABLE)];
    const key = element.closest("[data-testid=stElementContainer]")?.className
      .match(/st-key-\S+/)?.[0];
    last = { element, key, within: [...within, main], all, place: all.indexOf(element),
             path: location.pathname };
  };

  // The same element redrawn, or the nearest remaining one: after the old focus, or else before it.
  const nearest = () => {
    const same = last.key && document.querySelector(`.${CSS.escape(last.key)}`);
    const anew = [...(same?.querySelectorAll(FOCUSABLE) ?? [])].find(canBeFocused);
    if (anew) return anew;
    for (const each of last.within) {
      if (!each.isConnected) continue;
      const left = (element) => each.contains(element) && canBeFocused(element);
      const found = last.all.slice(last.place + 1).find(left)
        ?? last.all.slice(0, last.place).findLast(left);
      if (found) return found;
    }
    return null;
  };

  const keepFocus = () => {
    if (last === null || document.activeElement !== document.body) return;
    const app = document.querySelector("[data-testid=stApp]");
    if (app?.dataset.testScriptState !== "notRunning") return;
    const hasLeft = last.path !== location.pathname;
    if (!hasLeft && last.element.isConnected) {
      // It can't be used while the connection is lost.
      if (last.isDisabled && !last.element.disabled) last.element.focus({ preventScroll: true });
      last.isDisabled = last.element.disabled;
      return;
    }
    let next = hasLeft ? null : nearest(); // a new page is read from its heading
    if (next === null) {
      next = document.querySelector("[data-testid=stMain] h1");
      if (next === null) return; // the page left is gone, and the new one isn't there yet
      next.tabIndex = -1;
    }
    last = null;
    next.focus({ preventScroll: true });
  };

  const PURPOSES = ["username", "email", "name", "current-password", "new-password"];
  const describeFields = () => {
    for (const input of document.querySelectorAll("input[autocomplete]:not([name])")) {
      if (!PURPOSES.includes(input.autocomplete)) continue;
      input.name = input.autocomplete;
      input.spellcheck = false;
      if (input.autocomplete !== "name") input.autocapitalize = "none";
    }
    for (const input of document.querySelectorAll("input[aria-describedby^=wrong-]")) {
      if (document.getElementById(input.getAttribute("aria-describedby"))) continue;
      input.removeAttribute("aria-describedby");
      input.removeAttribute("aria-invalid");
    }
    for (const wrong of document.querySelectorAll(".wrong")) {
      const input = document.querySelector(`.st-key-${wrong.id.slice("wrong-".length)} input`);
      input?.setAttribute("aria-describedby", wrong.id);
      input?.setAttribute("aria-invalid", "true");
    }
  };

  let isDue = false;
  const look = () => {
    isDue = false;
    announce();
    describeFields();
    keepFocus();
  };
  const soon = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(look);
  };

  document.addEventListener("focusin", (event) => remember(event.target));
  // A user who moved the focus away doesn't want it back.
  document.addEventListener("focusout", (event) => {
    if (event.relatedTarget) return;
    setTimeout(() => {
      if (last?.element === event.target && canBeFocused(event.target) &&
          document.activeElement !== event.target) last = null;
    });
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(announcer);
    new MutationObserver(soon).observe(document.body, {
      childList: true, subtree: true, attributeFilter: ["disabled", "data-test-script-state"],
    });
  });
})();
