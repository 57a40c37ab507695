// What Streamlit doesn't report: that no WebSocket opens (it shows grey bars forever), that it is
// lost (it drops clicks), and that a proxy refuses an upload (it shows only the status).
(() => {
  const TEXTS = __TEXTS__;
  const SECONDS = 10;

  const paragraph = (text) =>
    Object.assign(document.createElement("p"), { textContent: text });

  const show = (kind, language) => {
    const texts = TEXTS[language.toLowerCase().startsWith("ru") ? "ru" : "en"];
    const notice = document.createElement("div");
    notice.setAttribute("role", "alert");
    notice.className = `notice ${kind}`;
    notice.append(...texts[kind].map((text) => paragraph(text.replace("{address}", location.origin))));
    const close = document.createElement("button");
    close.textContent = texts.close;
    close.addEventListener("click", () => notice.remove());
    notice.append(close);
    document.body.append(notice);
    return notice;
  };

  let hasHeard = false;
  let noWebSocket = null;
  let newest = null;
  window.WebSocket = class extends window.WebSocket {
    constructor(...how) {
      super(...how);
      newest = this;
      const hear = () => {
        hasHeard = true;
        noWebSocket?.remove();
        comeBack();
      };
      this.addEventListener("message", hear, { once: true });
      this.addEventListener("open", () => hasHeard && comeBack());
      this.addEventListener("close", () => this === newest && goAway());
    }
  };
  const tell = () => {
    const isStreamlits = document.getElementById("nothing-here") === null;
    if (!hasHeard && isStreamlits) noWebSocket = show("no-websocket", navigator.language);
  };
  window.addEventListener("load", () => setTimeout(tell, SECONDS * 1000));

  // data-connection says whether the connection is lost: until it is back, nothing that needs it
  // can be clicked, and cards.js then sends again what had no answer.
  const root = document.documentElement;
  let away = null;
  const isAway = () => root.dataset.connection === "away";
  const tellAway = () => {
    if (isAway() && !away?.isConnected) away = show("away", root.lang);
  };
  const goAway = () => {
    if (!hasHeard || isAway()) return;
    root.dataset.connection = "away";
    setTimeout(tellAway, 1000); // a brief loss isn't reported
  };
  const comeBack = () => {
    if (!isAway()) return;
    delete root.dataset.connection;
    away?.remove();
    setTimeout(() => {
      runAgain();
      window.dispatchEvent(new Event("connected-again"));
    });
  };
  // With Streamlit's own shortcut: changes made meanwhile are sent, and a restarted server
  // learns of the page, whose first click it would otherwise drop.
  const runAgain = () => {
    for (const kind of ["keydown", "keyup"]) {
      document.dispatchEvent(new KeyboardEvent(kind, { key: "r", code: "KeyR", keyCode: 82 }));
    }
  };
  window.addEventListener("offline", goAway);
  window.addEventListener("online", () => newest?.readyState === WebSocket.OPEN && comeBack());

  const needsConnection = (element) =>
    element.closest("[data-testid=stMain], [role=dialog]") &&
    element.closest("[data-does], button, label, input, summary");
  const refuse = (event) => {
    if (!isAway() || !needsConnection(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    tellAway();
  };
  document.addEventListener("click", refuse, true);
  document.addEventListener("keydown", (event) => {
    const isText = event.target.matches("input, textarea");
    if (event.key === "Enter" || (event.key === " " && !isText)) refuse(event);
  }, true);

  let tooLarge = null;
  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...how) {
    if (method.toUpperCase() === "PUT" && String(address).includes("/_stcore/upload_file/")) {
      tooLarge?.remove();
      this.addEventListener("load", () => {
        if (this.status === 413) tooLarge = show("too-large", document.documentElement.lang);
      });
    }
    return open.call(this, method, address, ...how);
  };
})();
