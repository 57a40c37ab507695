// Where no WebSocket comes about, Streamlit shows grey bars for ever: say so, and what to look at.
(() => {
  const TEXTS = __TEXTS__;
  const SECONDS = 10;
  let hasHeard = false;
  let notice = null;
  window.WebSocket = class extends window.WebSocket {
    constructor(...how) {
      super(...how);
      const hear = () => {
        hasHeard = true;
        notice?.remove();
      };
      this.addEventListener("message", hear, { once: true });
    }
  };
  const tell = () => {
    if (hasHeard) return;
    const isRussian = navigator.language.toLowerCase().startsWith("ru");
    notice = document.createElement("div");
    notice.setAttribute("role", "alert");
    notice.className = "no-websocket";
    for (const text of TEXTS[isRussian ? "ru" : "en"]) {
      const paragraph = document.createElement("p");
      paragraph.textContent = text.replace("{address}", location.origin);
      notice.append(paragraph);
    }
    document.body.append(notice);
  };
  window.addEventListener("load", () => setTimeout(tell, SECONDS * 1000));
})();
