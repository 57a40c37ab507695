// What Streamlit stores for each path separately: here the theme applies to all pages, and a phone's
// menu is closed when a page opens.
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

  // Before Streamlit draws anything; its own page sets it too (navigation.py).
  try {
    const key = Object.keys(localStorage).find((each) => each.startsWith("stActiveTheme-/-v"));
    const scheme = { '"Dark"': "dark", '"Light"': "light" }[key && getItem.call(localStorage, key)];
    if (scheme) {
      const style = document.createElement("style");
      style.textContent = `:root {color-scheme: ${scheme};}`;
      document.head.append(style);
    }
  } catch {
    // Storage is blocked: use the system's theme.
  }
})();
