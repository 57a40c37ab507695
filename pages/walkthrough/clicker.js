// The keys of a clicker or a keyboard press the Walkthrough's own buttons. The notes are in
// a window of their own, where the keys do the same.
(() => {
  const FORWARD = ["PageDown", "ArrowRight", "ArrowDown", " "];
  const BACK = ["PageUp", "ArrowLeft", "ArrowUp"];
  const TYPED_INTO = "input, textarea, select, [contenteditable=true], [role=slider]";
  const PRESSED_BY_SPACE = "button, a, summary, [role=button]";
  const others = new BroadcastChannel("five-films-walkthrough");
  let timer = null;

  const isWalkthrough = () => location.pathname.endsWith("/walkthrough");
  const isNotes = () => new URLSearchParams(location.search).has("notes");

  function press(button) {
    clearTimeout(timer);
    if (!isWalkthrough() || isNotes()) return;
    // While a step runs, the buttons are still those of the previous one, and while the page loads
    // there are none yet.
    const isRunning = document.querySelector('[data-test-script-state="running"]');
    const pressed = isRunning ? null : document.querySelector(`.st-key-onwards ${button}`);
    if (pressed) pressed.click();
    else timer = setTimeout(press, 100, button);
  }

  const onwards = () => press('button[kind="primary"]');
  const back = () => press(".st-key-back button");

  document.addEventListener("keydown", event => {
    const isForward = FORWARD.includes(event.key);
    if (!isForward && !BACK.includes(event.key)) return;
    if (!isWalkthrough() || document.querySelector("[role=dialog]")) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest(TYPED_INTO)) return;
    if (event.key === " " && event.target.closest(PRESSED_BY_SPACE)) return;
    event.preventDefault();
    if (isNotes()) others.postMessage(isForward);
    else if (isForward) onwards();
    else back();
  });
  others.onmessage = ({data}) => (data ? onwards() : back());
})();
