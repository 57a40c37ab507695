// Find a film on every page: F, a button or a film's tag opens a box that has the focus at once,
// whatever Streamlit is doing. It calls GET /api/movies while the user types.
(() => {
  const TEXTS = __TEXTS__;
  const MOST_FOUND = 8;
  const PAUSE_MS = 100;
  const NOT_TYPED_IN = ["button", "checkbox", "file", "radio", "range", "reset", "submit"];

  const make = (name, properties = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [property, value] of Object.entries(properties)) made.setAttribute(property, value);
    made.append(...inside);
    return made;
  };

  const open = (query = "") => {
    if (document.querySelector("dialog.find")) return;
    const language = document.documentElement.lang === "ru" ? "ru" : "en";
    const texts = TEXTS[language];
    const input = make("input", {
      type: "text",
      role: "combobox",
      "aria-label": texts.title,
      "aria-autocomplete": "list",
      "aria-controls": "found",
      "aria-expanded": "false",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: "100",
      placeholder: texts.placeholder,
    });
    const close = make("button", { type: "button", "aria-label": texts.close });
    const found = make("div", { id: "found", role: "listbox", "aria-label": texts.films });
    const said = make("p", { role: "status" }, texts.hint);
    const box = make("div", { class: "box" }, input, close);
    const dialog = make("dialog", { class: "find", "aria-label": texts.find }, box, found, said);
    dialog.dataset.reactAriaTopLayer = ""; // otherwise one of Streamlit's dialogs below takes the focus back

    let chosen = -1;
    const choose = (place) => {
      chosen = place;
      [...found.children].forEach((option, each) => {
        option.setAttribute("aria-selected", String(each === place));
        if (each === place) option.scrollIntoView({ block: "nearest" });
      });
      if (place < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", `found-${place}`);
    };
    const show = (options, words) => {
      options.forEach((each, place) => (each.id = `found-${place}`));
      found.replaceChildren(...options);
      said.textContent = words;
      input.setAttribute("aria-expanded", String(options.length > 0));
      choose(options.length ? 0 : -1);
    };
    const option = (href, name, about) =>
      make(
        "a",
        { role: "option", href, tabindex: "-1" },
        make("b", {}, name),
        make("span", {}, about.filter(Boolean).join(" · ")),
      );
    const optionOf = (film) => {
      const genres = film.genres.map((genre) => texts.genres[genre] ?? genre).join(", ");
      const about = [film.year, genres && genres[0].toUpperCase() + genres.slice(1)];
      return option(`/film?id=${film.movie_id}`, film.titles[language] ?? film.title, about);
    };
    const optionOfPerson = ({ person_id, name, films }) => {
      const about = [texts.person, `${texts.films}: ${films.toLocaleString(language)}`];
      return option(`/person?id=${person_id}`, name, about);
    };
    // People come first, unless a title has what was typed.
    const isInATitle = (typed, film) =>
      [film.title, ...Object.values(film.titles)].some((title) =>
        title.toLowerCase().includes(typed.toLowerCase()),
      );

    let asking = new AbortController();
    let answered = Promise.resolve();
    const find = async (typed) => {
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      if (!typed) return show([], texts.hint);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (signal.aborted) return;
      try {
        const answer = await fetch(`/api/movies?${new URLSearchParams({ query: typed })}`, { signal });
        if (!answer.ok) throw new Error(answer.statusText);
        const { items, total, people } = await answer.json();
        const more = total - MOST_FOUND;
        const words = more > 0 ? texts.more.replace("{total}", more.toLocaleString(language)) : "";
        const films = items.slice(0, MOST_FOUND).map(optionOf);
        const named = people.map(optionOfPerson);
        const isFilm = items.length > 0 && isInATitle(typed, items[0]);
        show(
          isFilm ? [...films, ...named] : [...named, ...films],
          total ? words : texts.nothing.replace("{typed}", typed),
        );
      } catch {
        if (!signal.aborted) show([], texts.fault);
      }
    };
    input.addEventListener("input", () => {
      answered = find(input.value.trim());
    });
    input.addEventListener("keydown", async (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const films = found.children.length;
      if (step && films) {
        event.preventDefault();
        choose((chosen + step + films) % films);
      } else if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        const last = answered;
        await last; // the previous search is still running
        if (last === answered) found.children[chosen]?.click();
      }
    });

    dialog.addEventListener("keydown", (event) => event.stopPropagation()); // they are Streamlit's shortcuts
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("button") === close) dialog.close();
    });
    const left = new AbortController();
    const { signal } = left;
    addEventListener("popstate", () => dialog.close(), { signal });
    const escape = (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation(); // what is open below stays open
      event.preventDefault();
      dialog.close();
    };
    addEventListener("keydown", escape, { signal, capture: true });
    dialog.addEventListener("close", () => {
      left.abort();
      asking.abort();
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
    if (query) {
      input.value = query;
      answered = find(query);
    }
  };

  const isTypedIn = (element) =>
    element.isContentEditable ||
    element.matches?.("textarea, select") ||
    (element.matches?.("input") && !NOT_TYPED_IN.includes(element.type));
  // The key with an F on it, on a Russian keyboard too.
  const isF = ({ key, code }) => (/^[a-z]$/i.test(key) ? key.toLowerCase() === "f" : code === "KeyF");
  addEventListener(
    "keydown",
    (event) => {
      const isOther = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
      if (isOther || !isF(event) || isTypedIn(event.composedPath()[0])) return;
      event.preventDefault();
      event.stopPropagation();
      open();
    },
    { capture: true },
  );
  addEventListener("click", (event) => {
    const asks = event.target.closest?.("[data-find]");
    if (asks) open(asks.dataset.find);
  });
})();
