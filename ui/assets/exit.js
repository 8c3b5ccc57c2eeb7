/* Quick exit: by its button, or by Shift three times, also while the server is busy or gone. It is
   on every page, so it also tells a screen reader what Streamlit does not (language, navigation,
   open page, tables that scroll), and fits charts to paper. */
const LEFT = "mosaico.left"; // in this tab, until somebody comes to an address of Mosaico anew
const PATIENCE = 300; // milliseconds for a step back in the history, which takes some ten
const TIMES = 3;
const PAUSE = 2000; // milliseconds between two presses of Shift

let away = ""; // where to; nothing is asked of it before

/* First entry of the history that this very page made. What lies between it and now are views. */
function firstView() {
  const entries = window.navigation?.entries() ?? [];
  let first = window.navigation?.currentEntry;
  while (first?.index > 0 && entries[first.index - 1].sameDocument) first = entries[first.index - 1];
  return first;
}

/* The other page takes the place of the first view, so that "back" leads to what was before
   Mosaico. An entry beyond that (by "forward", or from before a reload) leaves again. */
function leave() {
  document.documentElement.style.display = "none";
  document.title = "";
  window.sessionStorage.setItem(LEFT, "yes");
  const silent = Object.assign(document.createElement("meta"), { name: "referrer" });
  silent.content = "no-referrer"; // who is gone does not say from where
  document.head.append(silent);
  const go = () => window.location.replace(away);
  const first = firstView();
  if (!first || first === window.navigation.currentEntry) return go();
  window.navigation.traverseTo(first.key).committed.then(go, go);
  window.setTimeout(go, PATIENCE);
}

function stayAway() {
  if (!window.sessionStorage.getItem(LEFT)) return;
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.type === "back_forward") leave();
  else window.sessionStorage.removeItem(LEFT);
}

function returned(event) {
  if (event.persisted && window.sessionStorage.getItem(LEFT)) leave(); // kept whole by the browser
}

/* Shift counts when it is let go, and nothing else was pressed since the last time. */
let presses = 0;
let last = 0;
let alone = false;

function forget() {
  presses = 0;
  alone = false;
}

function pressed(event) {
  if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) forget();
  else alone = true;
}

function released(event) {
  if (event.key !== "Shift" || !alone) return;
  const now = performance.now(); // an event of a frame tells the time of its frame
  presses = now - last < PAUSE ? presses + 1 : 1;
  last = now;
  if (presses === TIMES) leave();
}

function listen(target) {
  target.addEventListener("keydown", pressed, true); // the same listener is added once
  target.addEventListener("keyup", released, true);
  target.addEventListener("pointerdown", forget, true);
}

/* Keys that are pressed in the frame of the map stay there. */
function listenInFrames() {
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow && frame.contentDocument) listen(frame.contentWindow);
    frame.addEventListener("load", listenInFrames);
  }
}

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

/* On a Spanish page what is emphasised in quotation marks is quoted from an English document:
   a screen reader reads it in English. */
function nameEnglish(lang) {
  for (const quoted of document.querySelectorAll('[data-testid="stMain"] em')) {
    const english = lang === "es" && quoted.previousSibling?.textContent.endsWith("\u00ab");
    if (english) quoted.lang = "en";
    else quoted.removeAttribute("lang");
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
  away = data.address;
  stayAway();
  document.documentElement.lang = data.lang;
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.title = data.hint;
  button.onclick = leave;
  listen(window);
  window.addEventListener("pageshow", returned);
  let asked = 0;
  const name = () => {
    asked = 0;
    const skip = document.querySelector('[data-testid="stSkipToContent"]');
    if (skip) skip.textContent = data.skip;
    nameNavigation(data.pages);
    nameScrollingTables(data.table);
    listenInFrames();
    nameEnglish(data.lang);
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
