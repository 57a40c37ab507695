// What Streamlit keeps for each path by itself: a theme is chosen for all pages, and the menu of a
// phone is closed when a page comes.
(() => {
  const { getItem, setItem, removeItem } = Storage.prototype;
  const forAll = (key) => String(key).replace(/^stActiveTheme-.*(-v\d+)$/, "stActiveTheme-/$1");
  const isMenu = (key) => String(key).startsWith("stSidebarCollapsed-");

  Storage.prototype.getItem = function (key) {
    return isMenu(key) ? null : getItem.call(this, forAll(key));
  };
  Storage.prototype.setItem = function (key, value) {
    if (!isMenu(key)) setItem.call(this, forAll(key), value);
  };
  Storage.prototype.removeItem = function (key) {
    removeItem.call(this, forAll(key));
  };

  // Before Streamlit draws anything; its own page says it too (navigation.py).
  try {
    const key = Object.keys(localStorage).find((each) => each.startsWith("stActiveTheme-/-v"));
    const scheme = { '"Dark"': "dark", '"Light"': "light" }[key && getItem.call(localStorage, key)];
    if (scheme) {
      const style = document.createElement("style");
      style.textContent = `:root {color-scheme: ${scheme};}`;
      document.head.append(style);
    }
  } catch {
    // Storage is closed: the machine's own theme will do.
  }
})();
