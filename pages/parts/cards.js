// Shows the cards that Python has rendered (cards.html), and reports which of their buttons is
// clicked; titles are links (links.js). A click without an answer when the connection broke is sent
// again when it is back (notices.js).

export default function ({ data, parentElement, setTriggerValue }) {
    const written = parentElement.querySelector(".written");
    if (written.html !== data.html) {
        const place = placeOf(written, document.activeElement);
        written.innerHTML = written.html = data.html;
        focusOn(written, place);
    }
    written.tell = () => {
        const { tries, ...asked } = written.asked;
        written.asked.tries -= 1;
        setTriggerValue("clicked", asked);
        if (written.hasBroken) setTimeout(() => tellUntilAnswered(written), 1000);
    };
    if (!written.again) {
        written.again = () => {
            written.hasBroken = true;
            if (written.asked) written.tell();
        };
        window.addEventListener("connected-again", written.again);
    }
    if (data.answered === written.asked?.id) {
        written.asked = null;
        written.hasBroken = false;
    }
    written.onclick = (event) => {
        const clicked = event.target.closest("button[data-does]");
        if (clicked) {
            const film = Number(clicked.closest(".card").dataset.film);
            setTimeout(() => fadeWhileItRuns(written), 500);
            written.asked = { film, does: clicked.dataset.does, id: Date.now(), tries: 3 };
            written.tell();
        }
    };
    return () => window.removeEventListener("connected-again", written.again);
}

// Sends again what a restarted server dropped while it drew the page.
function tellUntilAnswered(written) {
    if (!(written.asked?.tries > 0)) return;
    if (isRunning()) setTimeout(() => tellUntilAnswered(written), 200);
    else written.tell();
}

// The card that has the keyboard's focus and the element in it; null if none has.
function placeOf(written, element) {
    const card = written.contains(element) && element.closest(".card");
    if (!card) return null;
    return { film: card.dataset.film, does: element.dataset.does,
             number: [...card.parentElement.children].indexOf(card) };
}

// Restores the focus: to the same element of the same film, or, if another film is there now,
// to its title, so that a key pressed twice doesn't rate it.
function focusOn(written, place) {
    if (!place) return;
    const cards = written.querySelectorAll(".card");
    const same = written.querySelector(`[data-film="${place.film}"] [data-does="${place.does}"]`);
    const other = cards[Math.min(place.number, cards.length - 1)];
    (same ?? other?.querySelector(".title"))?.focus({ preventScroll: true });
}

// Shows that the answer to a click is late, until the page has run.
function fadeWhileItRuns(written) {
    const isLate = isRunning();
    written.classList.toggle("late", isLate);
    if (isLate) setTimeout(() => fadeWhileItRuns(written), 200);
}

function isRunning() {
    const app = document.querySelector("[data-test-script-state]");
    return app.dataset.testScriptState !== "notRunning";
}
