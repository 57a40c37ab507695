// Shows the cards that Python has written (cards.html), and tells it what is clicked in them.

export default function ({ data, parentElement, setTriggerValue }) {
    const written = parentElement.querySelector(".written");
    if (written.html !== data.html) {
        const place = placeOf(written, document.activeElement);
        written.innerHTML = written.html = data.html;
        focusOn(written, place);
    }
    written.onclick = (event) => {
        const clicked = event.target.closest("[data-does]");
        const wantsAnotherTab = event.ctrlKey || event.metaKey || event.shiftKey;
        if (clicked && !wantsAnotherTab) {
            event.preventDefault();
            const film = Number(clicked.closest(".card").dataset.film);
            setTimeout(() => fadeWhileItRuns(written), 500);
            setTriggerValue("clicked", { film, does: clicked.dataset.does });
        }
    };
}

// Which card has the keyboard's focus, and what in it; null where none has.
function placeOf(written, element) {
    const card = written.contains(element) && element.closest(".card");
    if (!card) return null;
    return { film: card.dataset.film, does: element.dataset.does,
             number: [...card.parentElement.children].indexOf(card) };
}

// Gives the focus back: to the same thing of the same film, or, for another film now stands there,
// to its title, so that a key pressed twice doesn't rate it.
function focusOn(written, place) {
    if (!place) return;
    const cards = written.querySelectorAll(".card");
    const same = written.querySelector(`[data-film="${place.film}"] [data-does="${place.does}"]`);
    const other = cards[Math.min(place.number, cards.length - 1)];
    (same ?? other?.querySelector(".title"))?.focus({ preventScroll: true });
}

// Shows that the answer to a click is late, until the page has been run.
function fadeWhileItRuns(written) {
    const state = document.querySelector("[data-test-script-state]").dataset.testScriptState;
    const isLate = state !== "notRunning";
    written.classList.toggle("late", isLate);
    if (isLate) setTimeout(() => fadeWhileItRuns(written), 200);
}
