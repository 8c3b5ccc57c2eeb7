/* Quick exit: leaves without a trace in the history. It is on every page, so it also tells a
   screen reader what Streamlit does not (language, navigation, open page, tables that scroll),
   and fits charts to paper. */
const lastPart = (path) => path.split("/").pop();

function nameNavigation(label) {
  const nav = document.querySelector(".st-key-nav");
  if (!nav) return;
  nav.setAttribute("role", "navigation");
  nav.setAttribute("aria-label", label);
  const links = [...nav.querySelectorAll("a")];
  const home = links[0]?.getAttribute("href") ?? "";
  if (home === "" || home.startsWith("?")) links[0]?.setAttribute("href", `./${home}`); // else a new tab opens this page again
  const here = lastPart(window.location.pathname);
  const open = links.find((link) => lastPart(link.pathname) === here) ?? links[0];
  for (const link of links) {
    if (link === open) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/* Whoever has no mouse scrolls a table by key: what scrolls must take the focus. */
function nameScrollingTables(label) {
  for (const table of document.querySelectorAll('[data-testid="stTable"] table')) {
    const box = table.parentElement;
    if (box.tabIndex === 0) continue;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", table.getAttribute("aria-label") || label);
  }
}

/* A chart keeps the size it was drawn with: on paper it is made smaller as a whole. */
const SHEET = 960; // CSS pixels, as in map.js
function fitCharts(event) {
  for (const chart of document.querySelectorAll('[data-testid="stPlotlyChart"]')) {
    chart.style.zoom = event.type === "beforeprint" ? Math.min(1, SHEET / chart.offsetWidth) : "";
  }
}

export default function (component) {
  const { data, parentElement } = component;
  document.documentElement.lang = data.lang;
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.title = data.hint;
  button.onclick = () => {
    document.body.style.display = "none";
    window.location.replace(data.address);
  };
  let asked = 0;
  const name = () => {
    asked = 0;
    const skip = document.querySelector('[data-testid="stSkipToContent"]');
    if (skip) skip.textContent = data.skip;
    nameNavigation(data.pages);
    nameScrollingTables(data.table);
  };
  const watcher = new MutationObserver(() => {
    asked ||= requestAnimationFrame(name);
  });
  watcher.observe(document.body, { attributeFilter: ["href"], childList: true, subtree: true });
  name();
  window.addEventListener("beforeprint", fitCharts); // the same listener is added once
  window.addEventListener("afterprint", fitCharts);
  return () => watcher.disconnect();
}
