/* The map inside the frame of streamlit-folium.

   Python draws a constant base map once (mosaico.start) and then sends values only
   (mosaico.paint): one class digit a place and layer, and the published counts in the
   same order. Geometry comes from static files, loaded once. Each layer has a panel of
   its own; all panels share one view. Nothing here asks another host for anything. */
"use strict";
window.mosaico = (function () {
  const HOME = [[14.4, -124.8], [49.4, -66.6]];
  const AREAS = [
    { key: "border", short: "border_short", keyName: "b", bounds: [[24.6, -118.2], [33.9, -96.4]] },
    { key: "alaska", short: "AK", keyName: "a", bounds: [[51.5, -179.5], [71.4, -130.0]] },
    { key: "hawaii", short: "HI", keyName: "h", bounds: [[18.7, -160.6], [22.4, -154.6]] },
    { key: "puerto_rico", short: "PR", keyName: "p", bounds: [[17.7, -67.5], [18.7, -65.1]] },
  ];
  const VIEW = /^-?\d{1,2}(\.\d{1,4})?,-?\d{1,3}(\.\d{1,4})?,\d{1,2}(\.\d{1,2})?$/;
  // 0: not published; a to e: classes 1 to 5 behind finer cells; v to z and V to Z: the same
  // classes where the count is of some of several periods, "at least" so many; t: too few for
  // a rate; n: no denominator.
  const MARKS = "012345abcdevwxyzVWXYZ", NO_RATE = { t: "too_few", n: "no_denominator" };
  // Tones of map.css, which has them for both themes; colours of classes are given light, with
  // the dark twin of each (ui/themes.py).
  const [INK, PAPER, GROUND, FAR, LAKE, LINE, HIDDEN, HATCH, BORDER] =
    ["ink", "panel", "ground", "far", "lake", "line", "hidden", "hatch", "strong"].map((name) => `var(--${name})`);

  const state = {
    base: null, places: new Map(), hexFiles: new Map(), panels: [], payload: null,
    focused: null, hovered: null, home: null, moving: false, resizing: false, started: false,
    sought: 0,
  };

  /* Geometry ------------------------------------------------------------------ */

  /* A ring is one flat list: first point, then differences, in units of 1/scale degrees. */
  function ring(flat, scale) {
    const points = [];
    let lon = 0, lat = 0;
    for (let i = 0; i < flat.length; i += 2) {
      lon += flat[i];
      lat += flat[i + 1];
      points.push([lat / scale, lon / scale]);
    }
    return points;
  }

  function shape(polygons, scale) {
    return polygons.map((rings) => rings.map((flat) => ring(flat, scale)));
  }

  function takePlaces(file) {
    const taken = file.places.map((place) => {
      const outline = shape(place.shape, file.scale);
      const box = L.latLngBounds(outline.flat(2));
      return { ...place, outline, box, at: place.at ? L.latLng(place.at) : box.getCenter() };
    });
    taken.forEach((place) => state.places.set(place.id, place));
    return taken.map((place) => place.id);
  }

  const opened = (stream) => new Response(stream.pipeThrough(new DecompressionStream("gzip"))).json();

  async function json(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(url + " " + answer.status);
    return opened(answer.body);
  }

  function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return opened(new Blob([bytes]).stream());
  }

  /* Frame --------------------------------------------------------------------- */

  function element(kind, className, parent, text) {
    const made = document.createElement(kind);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  }

  function buildFrame(first) {
    const root = element("div", "mosaico", document.body);
    state.root = root;
    state.stage = element("div", "stage", root);
    state.stage.tabIndex = 0;
    state.stage.setAttribute("role", "application");
    state.grid = element("div", "grid", state.stage);
    state.legend = element("section", "legend", root);
    state.tip = element("div", "tip", root);
    state.tip.setAttribute("aria-hidden", "true");
    state.help = element("p", "help", state.stage);
    state.help.id = "mosaico-help";
    state.stage.setAttribute("aria-describedby", "mosaico-help");
    state.live = element("div", "spoken", root);
    state.live.setAttribute("aria-live", "polite");
    state.tools = element("div", "tools", state.stage);
    addPanel(first);
    state.stage.addEventListener("keydown", onKey);
    document.addEventListener("fullscreenchange", () => state.payload && words(state.payload));
    state.stage.addEventListener("focusout", () => focus(null));
    new ResizeObserver(measure).observe(state.grid);
  }

  function addPanel(given) {
    const cell = element("div", "panel", state.grid);
    const title = element("h2", "panel-title", cell);
    const note = element("p", "panel-note", cell);
    let box = given && given.getContainer();
    if (box) cell.appendChild(box);
    else box = element("div", "panel-map", cell);
    const map = given || L.map(box, state.options);
    map.keyboard.disable();
    box.removeAttribute("tabindex");
    map.attributionControl && map.attributionControl.setPrefix(false);
    const panel = { cell, title, note, map, groups: {}, closer: 0, lined: new Set(), number: state.panels.length };
    state.panels.push(panel);
    if (given) map.on("moveend", writeView);
    else {
      map.setView(main().getCenter(), main().getZoom(), { animate: false });
      map.on("click", (event) => main().fire("click", { latlng: fresh(event.latlng) }));
    }
    map.on("move zoomend", () => follow(panel));
    map.on("zoomend", () => nameCities(panel));
    map.on("mouseout", () => hover(null));
    if (state.base) drawBase(panel);
    return panel;
  }

  const main = () => state.panels[0].map;

  /* A click where the last one was is no news to the page, and would open nothing again. */
  let clicks = 0;
  const fresh = (at) => ({ lat: at.lat + 1e-9 * (clicks += 1), lng: at.lng });

  function follow(leader) {
    if (state.moving) return;
    state.moving = true;
    const centre = leader.map.getCenter(), zoom = leader.map.getZoom();
    state.panels.forEach((panel) => {
      if (panel !== leader && !panel.cell.hidden) {
        panel.map.setView(centre, zoom + panel.closer - leader.closer, { animate: false });
      }
    });
    state.moving = false;
    if (leader !== state.panels[0]) writeView();
  }

  /* Zoom levels by which a panel smaller than the first one shows the same area smaller. */
  function closer(panel) {
    const first = main().getSize(), mine = panel.map.getSize();
    if (panel === state.panels[0] || panel.cell.hidden || !first.x || !first.y) return 0;
    return Math.min(0, Math.floor(4 * Math.log2(Math.min(mine.x / first.x, mine.y / first.y)) + 0.1) / 4);
  }

  /* Leaflet says "moved" for a new size: that is not the reader's doing. Without a reset it would
     move by whole pixels, and the view drift a little with every size. */
  function measure() {
    const centre = main().getCenter(), zoom = main().getZoom();
    state.resizing = state.moving = true;
    state.panels.forEach((panel) => {
      panel.map.invalidateSize({ pan: false });
      panel.closer = closer(panel);
      panel.map.options.minZoom = state.options.minZoom + panel.closer;
      panel.map.setView(centre, zoom + panel.closer, { animate: false, reset: true });
    });
    state.resizing = state.moving = false;
    if (state.home === "kept") goHome();
  }

  /* The view of the map: in the address bar, written here and read here -------- */

  function outer() {
    try {
      return window.parent.location.href ? window.parent : null;
    } catch (refused) {
      return null;
    }
  }

  function viewInAddress() {
    const frame = outer();
    const text = frame && new URLSearchParams(frame.location.search).get("view");
    return text && VIEW.test(text) ? text.split(",").map(Number) : null;
  }

  function writeView() {
    const frame = outer();
    if (!frame || !state.started || state.resizing || state.home === "going") return;
    const url = new URL(frame.location.href);
    const centre = main().getCenter();
    const view = [centre.lat.toFixed(3), centre.lng.toFixed(3), main().getZoom().toFixed(2)];
    if (state.home === "kept" && atHome()) url.searchParams.delete("view");
    else {
      state.home = null;
      url.searchParams.set("view", view.map(Number).join(","));
    }
    const next = url.href.replace(/%2C/g, ",");
    if (next !== frame.location.href) frame.history.replaceState(frame.history.state, "", next);
  }

  function atHome() {
    const mine = main().getCenter(), kept = state.homeView;
    return kept && main().getZoom() === kept.zoom && mine.distanceTo(kept.centre) < 3000;
  }

  function goHome() {
    state.home = "going";
    main().fitBounds(HOME, { animate: false });
    state.homeView = { centre: main().getCenter(), zoom: main().getZoom() };
    state.home = "kept";
    follow(state.panels[0]);
    writeView();
  }

  function readView() {
    const view = viewInAddress();
    if (!view) return goHome();
    state.home = null;
    main().setView([view[0], view[1]], view[2], { animate: false });
  }

  /* Base: water, land, lines, city names --------------------------------------- */

  function drawBase(panel) {
    const map = panel.map;
    ["under", "cells", "over"].forEach((name, i) => {
      const pane = map.createPane(name);
      pane.style.zIndex = 210 + 10 * i;
      panel[name] = L.svg({ pane: name, padding: 0.4 });
      map.addLayer(panel[name]);
    });
    panel.over._container.style.pointerEvents = "none";
    addHatch(panel);
    const still = (points, options, kind) =>
      L[kind](points, { interactive: false, smoothFactor: 1, ...options }).addTo(map);
    state.base.land.forEach((points) => still(points, {
      renderer: panel.under, color: LINE, weight: 1, dashArray: "1 3", fillColor: FAR, fillOpacity: 1,
    }, "polygon"));
    panel.groups.states = new Map(state.base.states.map((id) => [id, drawPlace(panel, id, {
      renderer: panel.under, stroke: false, fillColor: GROUND, fillOpacity: 1,
    })]));
    state.base.lakes.forEach((points) => still(points, {
      renderer: panel.over, stroke: false, fillColor: LAKE, fillOpacity: 1,
    }, "polygon"));
    state.base.states.forEach((id) => still(state.places.get(id).outline, {
      renderer: panel.over, fill: false, color: PAPER, weight: 1.8, opacity: 0.55,
    }, "polygon"));
    state.base.states.forEach((id) => still(state.places.get(id).outline, {
      renderer: panel.over, fill: false, color: LINE, weight: 0.7, opacity: 0.9,
    }, "polygon"));
    state.base.lines.forEach((points) => still(points, {
      renderer: panel.over, color: BORDER, weight: 1.6,
    }, "polyline"));
    nameCities(panel);
  }

  function drawPlace(panel, id, options) {
    const place = state.places.get(id);
    const drawn = L.polygon(place.outline, { smoothFactor: 1, ...options }).addTo(panel.map);
    drawn.on("mousemove", (event) => hover(id, event.originalEvent, panel));
    drawn.on("mouseout", () => hover(null));
    return drawn;
  }

  function drawing(kind, parent, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    parent.appendChild(made);
    return made;
  }

  function addHatch(panel) {
    panel.hatch = "mosaico-hatch-" + panel.number;
    panel.defs = drawing("defs", panel.under._container, {});
    const pattern = drawing("pattern", panel.defs, {
      id: panel.hatch, width: 6, height: 6, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)",
    });
    drawing("rect", pattern, { width: 6, height: 6, fill: HIDDEN });
    drawing("line", pattern, { x1: 0, y1: 0, x2: 0, y2: 6, stroke: HATCH, "stroke-width": 1.1 });
    const tile = (name, size) => {
      panel[name] = "mosaico-" + name + "-" + panel.number;
      const made = drawing("pattern", panel.defs, { id: panel[name], width: size, height: size, patternUnits: "userSpaceOnUse" });
      drawing("rect", made, { width: size, height: size, fill: PAPER });
      return made;
    };
    drawing("circle", tile("too_few", 7), { cx: 3.5, cy: 3.5, r: 1.35, fill: INK });
    drawing("path", tile("no_denominator", 10), { d: "M5 2v6M2 5h6", stroke: LINE, "stroke-width": 1 });
  }

  /* Level lines over the colour of the class: neither dots, which would read as points, nor
     the slanted hatch of what is not published. */
  function lined(panel, colour, dark) {
    const id = "mosaico-least-" + panel.number + "-" + colour.slice(1);
    if (!panel.lined.has(id)) {
      panel.lined.add(id);
      const pattern = drawing("pattern", panel.defs, { id, width: 5, height: 5, patternUnits: "userSpaceOnUse" });
      drawing("rect", pattern, { width: 5, height: 5, fill: colour });
      drawing("line", pattern, { x1: 0, y1: 2.5, x2: 5, y2: 2.5, stroke: dark ? PAPER : INK, "stroke-width": 1, "stroke-opacity": 0.6 });
    }
    return "url(#" + id + ")";
  }

  function fill(panel, cell, pale) {
    const colour = (cell.behind ? pale : panel.layer.colours)[cell.digit - 1];
    return cell.least ? lined(panel, colour, cell.digit > 3 && !cell.behind) : colour;
  }

  /* Stripes in one direction a layer: published in that layer only. */
  function addStripes(panel, kind, colour) {
    const space = "http://www.w3.org/2000/svg", id = "mosaico-" + kind + "-" + panel.number;
    const old = panel.under._container.querySelector("#" + id);
    if (old) old.remove();
    const pattern = document.createElementNS(space, "pattern");
    Object.entries({
      id, width: 7, height: 7, patternUnits: "userSpaceOnUse",
      patternTransform: kind === "first" ? "rotate(0)" : "rotate(90)",
    }).forEach(([name, value]) => pattern.setAttribute(name, value));
    [[7, HIDDEN], [2.6, colour]].forEach(([width, fill]) => {
      const stripe = document.createElementNS(space, "rect");
      Object.entries({ width, height: 7, fill }).forEach(([name, value]) => stripe.setAttribute(name, value));
      pattern.appendChild(stripe);
    });
    panel.under._container.querySelector("defs").appendChild(pattern);
    return "url(#" + id + ")";
  }

  function nameCities(panel) {
    if (!state.base || !state.payload) return;
    const zoom = panel.map.getZoom(), narrow = panel.cell.clientWidth < 520;
    const rank = zoom < (narrow ? 4.4 : 3.8) ? 0 : zoom < 5.5 ? 1 : zoom < 6.5 ? 2 : 9;
    const key = rank + state.payload.lang;
    if (panel.citiesKey === key) return;
    panel.citiesKey = key;
    if (panel.cities) panel.cities.remove();
    panel.cities = L.layerGroup(state.base.cities.filter((city) => city.rank <= rank).map((city) =>
      L.marker(city.at, {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "city", html: element("span", "", null, city[state.payload.lang]), iconSize: null }),
      }))).addTo(panel.map);
  }

  /* Painting -------------------------------------------------------------------- */

  function counts(layer, level, ids) {
    const found = new Map(), packed = layer.cells[level];
    if (!packed) return found;
    let next = 0;
    for (let i = 0; i < ids.length; i += 1) {
      const none = NO_RATE[packed.digits[i]];
      if (none) {
        found.set(ids[i], { none, value: packed.values[next++] });
        continue;
      }
      const at = MARKS.indexOf(packed.digits[i]);
      const kind = Math.floor((at - 1) / 5);
      if (at > 0) found.set(ids[i], { digit: (at - 1) % 5 + 1, behind: kind % 2 === 1, least: kind > 1, rate: packed.rates && packed.rates[next], value: packed.values[next++] });
    }
    return found;
  }

  function paintPanel(panel, layer, payload) {
    panel.layer = layer;
    panel.title.textContent = layer.title;
    panel.title.hidden = payload.layers.length === 1;
    panel.note.textContent = layer.note;
    panel.note.hidden = !layer.note;
    panel.title.style.setProperty("--hue", layer.crossed ? INK : layer.colours[3]);
    if (layer.only) panel.only = layer.only.map((colour, i) => addStripes(panel, ["first", "second"][i], colour));
    panel.found = { state: counts(layer, "state", state.base.states) };
    ["h3_3", "h3_4"].forEach((level) => {
      panel.found[level] = counts(layer, level, state.hexIds[level] || []);
    });
    paintStates(panel, payload);
    paintHexes(panel, payload);
    paintClusters(panel, layer.clusters || {});
  }

  function crossedFill(panel, id) {
    const mark = panel.layer.crossed[id] || "0";
    if (mark === "x" || mark === "y") return panel.only["xy".indexOf(mark)];
    return mark === "0" ? "url(#" + panel.hatch + ")" : panel.layer.colours[mark - 1];
  }

  function stateStyle(panel, id, payload) {
    const cell = panel.found.state.get(id);
    if (payload.uncovered.includes(id.slice(0, 2))) {
      return { fill: true, fillColor: PAPER, fillOpacity: 0.01, stroke: true, color: LINE, weight: 1.2, dashArray: "1 4" };
    }
    if (panel.layer.crossed) return { fillColor: crossedFill(panel, id), fillOpacity: 1, stroke: false };
    if (!panel.layer.cells.state) return { fillColor: GROUND, fillOpacity: 1, stroke: false };
    if (!cell) return { fillColor: "url(#" + panel.hatch + ")", fillOpacity: 1, stroke: false };
    if (cell.none) return { fillColor: "url(#" + panel[cell.none] + ")", fillOpacity: 1, stroke: false };
    return { fillColor: fill(panel, cell, panel.layer.pale[0]), fillOpacity: 1, stroke: false };
  }

  function paintStates(panel, payload) {
    panel.groups.states.forEach((drawn, id) => drawn.setStyle(stateStyle(panel, id, payload)));
  }

  function paintHexes(panel, payload) {
    if (panel.groups.hexes) panel.groups.hexes.forEach((drawn) => drawn.remove());
    panel.groups.hexes = [];
    ["h3_3", "h3_4"].filter((level) => payload.levels.includes(level)).forEach((level) => {
      panel.found[level].forEach((cell, id) => {
        panel.groups.hexes.push(drawPlace(panel, id, {
          renderer: panel.cells, fillOpacity: 1,
          fillColor: fill(panel, cell, panel.layer.pale[1]),
          color: cell.digit > 3 && !cell.behind ? PAPER : INK, weight: cell.behind ? 0.5 : 0.8, opacity: 0.8,
        }));
      });
    });
  }

  /* Outlines of clusters over the fills: double for many reports, dashed for few, so that no
     colour tells them apart. Places of a kind that touch have one outline: dashes on both sides
     of a border would blur. Wide strokes lie under the narrow ones, and those of hexagons are
     thinner: they are small. */
  const CLUSTERS = {
    many: [{ color: INK, weight: 4.2 }, { color: PAPER, weight: 1.5 }],
    few: [{ color: PAPER, weight: 3.6 }, { color: INK, weight: 1.8, dashArray: "6 4", lineCap: "butt" }],
  };
  const THINNER = 0.65;

  function paintClusters(panel, kinds) {
    (panel.groups.clusters || []).forEach((drawn) => drawn.remove());
    const known = Object.entries(kinds).filter(([id]) => state.places.has(id));
    const edges = Object.fromEntries(Object.keys(CLUSTERS).map((kind) => [kind, apart(known.filter((one) => one[1] === kind))]));
    panel.groups.clusters = [0, 1].flatMap((stroke) => known.map(([id, kind]) =>
      L.polyline(edges[kind].get(id), {
        renderer: panel.over, interactive: false, fill: false, smoothFactor: 1,
        className: "cluster-" + kind, ...CLUSTERS[kind][stroke],
        weight: CLUSTERS[kind][stroke].weight * (state.places.get(id).level === "state" ? 1 : THINNER),
      }).addTo(panel.map)));
  }

  /* Lines of each place's outline that no other of the places shares: neighbours have the same
     corners, as the geometry is of whole numbers. */
  function apart(places) {
    const rings = places.map(([id]) => [id, state.places.get(id).outline.flat()]);
    const often = new Map();
    const name = (a, b) => [a, b].map(String).sort().join(" ");
    const edges = (ring) => ring.map((corner, i) => [corner, ring[(i + 1) % ring.length]]);
    rings.forEach(([, all]) => all.forEach((ring) => edges(ring).forEach(([a, b]) => {
      often.set(name(a, b), (often.get(name(a, b)) || 0) + 1);
    })));
    const runs = (ring) => edges(ring).reduce((lines, [a, b]) => {
      if (often.get(name(a, b)) > 1) return lines;
      const last = lines[lines.length - 1];
      if (last && last[last.length - 1] === a) last.push(b);
      else lines.push([a, b]);
      return lines;
    }, []);
    return new Map(rings.map(([id, all]) => [id, all.flatMap(runs)]));
  }

  function layOut(payload) {
    const wanted = payload.layers.length;
    while (state.panels.length < wanted) addPanel(null);
    state.panels.forEach((panel, i) => { panel.cell.hidden = i >= wanted; });
    state.root.dataset.panels = wanted;
    state.root.dataset.arranged = payload.arranged || "";
    state.root.dataset.still = payload.still ? "yes" : "";
    measure();
  }

  /* The theme of the page: Streamlit says it as the colour scheme of its outermost element. */
  const page = () => outer().document.querySelector(".stApp") || outer().document.body;

  function isDark() {
    return Boolean(outer()) && outer().getComputedStyle(page()).colorScheme === "dark";
  }

  function retheme(dark) {
    if ((document.documentElement.dataset.theme === "dark") === dark) return;
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    if (state.given) apply(state.given);
  }

  /* Layers and legend with the twin of each colour where the page is dark. */
  function inTheme(given) {
    if (document.documentElement.dataset.theme !== "dark") return given;
    const twin = (value) => typeof value === "string" ? state.twins[value] || value
      : Array.isArray(value) ? value.map(twin)
      : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, twin(one)]))
      : value;
    const layers = given.layers.map((layer) => ({ ...twin({ ...layer, cells: null }), cells: layer.cells }));
    return { ...given, layers, legend: twin(given.legend) };
  }

  function apply(given) {
    state.given = given;
    const payload = inTheme(given);
    document.documentElement.lang = payload.lang;
    state.payload = payload;
    state.hexIds = payload.hexIds;
    layOut(payload);
    payload.layers.forEach((layer, i) => paintPanel(state.panels[i], layer, payload));
    state.panels.forEach((panel) => { panel.citiesKey = ""; nameCities(panel); });
    words(payload);
    outline("selected", payload.selected, { color: INK, weight: 2.6 });
    if (!state.started) {
      state.started = true;
      readView();
    } else if (payload.sought !== state.sought) reveal(payload.selected);
    state.sought = payload.sought;
    follow(state.panels[0]);
    writeView();
    setTimeout(writeView, 250);
    state.root.dataset.ready = "yes";
    state.root.dataset.painted = Number(state.root.dataset.painted || 0) + 1;
  }

  function words(payload) {
    const texts = payload.texts;
    state.stage.setAttribute("aria-label", payload.label);
    state.help.textContent = texts.keys;
    state.tools.replaceChildren();
    state.tools.hidden = Boolean(payload.still); // a map for a room has no pointer
    const tool = (label, short, action) => {
      const button = element("button", "", state.tools, short);
      button.type = "button";
      button.tabIndex = -1;
      button.title = label;
      button.setAttribute("aria-label", label);
      button.addEventListener("click", action);
      return button;
    };
    tool(texts.zoom_in, "+", () => main().zoomIn());
    tool(texts.zoom_out, "\u2212", () => main().zoomOut());
    tool(texts.home, texts.home_short, goHome);
    AREAS.forEach((area) => tool(texts[area.key], texts[area.short] || area.short, () => show(area.bounds)));
    icon(tool(texts.fit, "", fit), ICONS.fit);
    if (document.fullscreenEnabled) {
      const full = Boolean(document.fullscreenElement);
      icon(tool(full ? texts.full_off : texts.full, "", fullScreen), full ? ICONS.less : ICONS.more);
    }
    drawLegend(payload.legend);
    main().attributionControl.addAttribution(payload.credit);
  }

  const ICONS = {
    fit: "M3 7V3h4 M13 3h4v4 M17 13v4h-4 M7 17H3v-4 M10 6.4l3.2 1.8v3.6L10 13.600l-3.200-1.800V8.200z",
    more: "M3 8V3h5 M12 3h5v5 M17 12v5h-5 M8 17H3v-5",
    less: "M8 3v5H3 M17 8h-5V3 M12 17v-5h5 M3 12h5v5",
  };

  function icon(button, path) {
    const drawn = drawing("svg", button, { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" });
    drawing("path", drawn, { d: path, fill: "none", stroke: INK, "stroke-width": 1.8, "stroke-linejoin": "round", "stroke-linecap": "round" });
  }

  function show(bounds, most) {
    state.home = null;
    main().fitBounds(bounds, { animate: false, maxZoom: most });
  }

  /* All places that show a count, in any panel; both countries where none does. */
  function fit() {
    const box = L.latLngBounds([]);
    state.panels.slice(0, state.payload.layers.length).forEach((panel) => {
      state.payload.levels.forEach((level) => {
        panel.found[level].forEach((_, id) => box.extend(state.places.get(id).box));
      });
    });
    if (box.isValid()) show(box);
    else goHome();
  }

  /* A place that was searched by name: with some of its surroundings, and spoken. */
  function reveal(id) {
    const place = state.places.get(id);
    if (!place) return;
    show(place.box.pad(0.15), 7);
    speak(id);
  }

  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  }

  function outline(kind, id, style) {
    state.panels.forEach((panel) => {
      if (panel[kind]) panel[kind].forEach((drawn) => drawn.remove());
      const place = id && state.places.get(id);
      panel[kind] = place ? [
        L.polygon(place.outline, { renderer: panel.over, interactive: false, fill: false, color: PAPER, weight: style.weight + 3 }).addTo(panel.map),
        L.polygon(place.outline, { renderer: panel.over, interactive: false, fill: false, ...style }).addTo(panel.map),
      ] : [];
    });
  }

  /* Legend ----------------------------------------------------------------------- */

  function drawLegend(legend) {
    const root = state.legend;
    root.replaceChildren();
    root.setAttribute("aria-label", legend.title);
    element("h2", "", root, legend.title);
    element("p", "unit", root, legend.unit);
    if (legend.crossed) drawMatrix(legend.crossed);
    const table = element("div", "scale", root);
    table.style.setProperty("--classes", legend.classes.length);
    legend.layers.forEach((layer) => {
      if (legend.layers.length > 1) element("div", "scale-name", table, layer.title);
      [["swatch", layer.colours], ...layer.pale.slice().reverse().map((tones) => ["swatch pale", tones])].forEach(([kind, colours]) => {
        const row = element("div", "scale-row", table);
        colours.forEach((colour) => { element("span", kind, row).style.background = colour; });
      });
    });
    const labels = element("div", "scale-row labels", table);
    legend.classes.forEach((text) => element("span", "", labels, text));
    const list = element("ul", "", root);
    legend.marks.forEach((mark) => {
      const item = element("li", "", list);
      const drawn = element("span", "mark mark-" + mark.kind, item);
      if (mark.colour) drawn.style.setProperty("--stripe", mark.colour);
      element("span", "", item, mark.text);
    });
  }

  /* Two layers crossed: the first from left to right, the second from the bottom up. */
  function drawMatrix(crossed) {
    const box = element("div", "matrix", state.legend);
    const table = element("table", "", box);
    element("caption", "", table, crossed.title);
    const rows = crossed.classes.map((label, i) => ({ label, colours: crossed.colours[i] })).reverse();
    rows.forEach(({ label, colours }, i) => {
      const tr = element("tr", "", table);
      if (i === 0) {
        const side = element("th", "matrix-side", tr);
        side.rowSpan = rows.length;
        element("span", "", side, crossed.second + " \u2192");
      }
      element("th", "matrix-label", tr, label).scope = "row";
      colours.forEach((colour) => { element("td", "", tr).style.background = colour; });
    });
    const foot = element("tr", "", table);
    element("td", "matrix-none", foot).colSpan = 2;
    crossed.classes.forEach((label) => { element("th", "matrix-label", foot, label).scope = "col"; });
    const under = element("tr", "", table);
    element("td", "matrix-none", under).colSpan = 2;
    const name = element("th", "matrix-name", under, crossed.first + " \u2192");
    name.colSpan = crossed.classes.length;
  }

  /* Pointing, focus, speech ------------------------------------------------------- */

  function told(id) {
    const texts = state.payload.texts, level = state.places.get(id).level;
    const lines = state.payload.layers.map((layer, i) => {
      const cell = state.panels[i].found[level].get(id);
      const kind = layer.clusters && layer.clusters[id];
      const text = state.payload.uncovered.includes(id.slice(0, 2)) ? texts.uncovered
        : cell ? (cell.least ? texts.least + " " : "") + counted(cell, texts) + (kind ? "; " + texts[kind] : "")
        : layer.cells[level] ? texts.hidden : layer.note ? texts.refused : texts.ground;
      const colour = cell && cell.digit && !layer.crossed ? layer.colours[cell.digit - 1] : null;
      return { title: layer.told || layer.title, colour, none: cell && cell.none, text };
    });
    if (state.payload.layers.some((layer) => layer.crossed)) lines.push(lines.shift());
    return lines;
  }

  function counted(cell, texts) {
    const count = cell.value.toLocaleString(texts.locale) + " " + texts.unit;
    if (cell.none) return count + ", " + texts[cell.none];
    if (!cell.rate) return count;
    return [...cell.rate, count].reduce((text, part, i) => text.replace("{" + i + "}", part), texts.rate);
  }

  function hover(id, event, panel) {
    state.hovered = id;
    state.tip.classList.toggle("on", Boolean(id));
    if (!id) return;
    fillTip(id);
    const frame = state.root.getBoundingClientRect(), size = state.tip.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 14, frame.width - size.width - 8);
    const below = event.clientY - frame.top + 18;
    const top = below + size.height > frame.height ? event.clientY - frame.top - size.height - 12 : below;
    state.tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  function fillTip(id) {
    state.tip.replaceChildren();
    element("strong", "", state.tip, state.places.get(id)[state.payload.lang]);
    told(id).forEach((line) => {
      const row = element("div", "tip-row", state.tip);
      const dot = element("span", "dot", row);
      if (line.colour) dot.style.background = line.colour;
      else dot.classList.add(line.none ? "mark-" + line.none : "none");
      element("span", "", row, (state.payload.layers.length > 1 ? line.title + ": " : "") + line.text);
    });
    if (state.payload.texts.under) element("div", "tip-under", state.tip, state.payload.texts.under);
  }

  function stops() {
    const hexes = new Set();
    state.panels.slice(0, state.payload.layers.length).forEach((panel) => {
      if (state.payload.front !== "state") panel.found[state.payload.front].forEach((_, id) => hexes.add(id));
    });
    return hexes.size ? [...hexes] : state.base.states;
  }

  function focus(id) {
    state.focused = id;
    outline("focus", id, { color: "var(--focus)", weight: 3 });
    if (!id) return;
    const place = state.places.get(id);
    if (!main().getBounds().contains(place.at)) {
      state.home = null;
      main().panTo(place.at, { animate: false });
    }
    speak(id);
  }

  function speak(id) {
    const lines = told(id).map((line) => line.title + ": " + line.text).join(". ");
    state.live.textContent = state.places.get(id)[state.payload.lang] + ". " + lines + ".";
  }

  const SHEET = { width: 960, height: 660 }; // CSS pixels: fits A4 and letter, landscape
  const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

  function neighbour(way) {
    const ids = stops(), map = main();
    const from = state.focused ? state.places.get(state.focused).at : map.getCenter();
    const start = map.project(from);
    let best = null, least = Infinity;
    ids.forEach((id) => {
      if (id === state.focused) return;
      const there = map.project(state.places.get(id).at).subtract(start);
      const along = there.x * way[0] + there.y * way[1];
      const across = Math.abs(there.x * way[1]) + Math.abs(there.y * way[0]);
      const cost = state.focused ? along + 2 * across : Math.hypot(there.x, there.y);
      if ((along > 0 && across < 2 * along || !state.focused) && cost < least) [best, least] = [id, cost];
    });
    return best || state.focused;
  }

  function onKey(event) {
    if (!state.payload || event.ctrlKey || event.metaKey || event.altKey) return;
    const area = AREAS.find((one) => one.keyName === event.key.toLowerCase());
    if (WAYS[event.key]) focus(neighbour(WAYS[event.key]));
    else if ((event.key === "Enter" || event.key === " ") && state.focused) open(state.focused);
    else if (event.key === "+" || event.key === "=") main().zoomIn();
    else if (event.key === "-") main().zoomOut();
    else if (event.key === "Home" || event.key === "0") goHome();
    else if (event.key === "Escape") focus(null);
    else if (area) show(area.bounds);
    else if (event.key.toLowerCase() === "l") fit();
    else if (event.key.toLowerCase() === "f" && document.fullscreenEnabled) fullScreen();
    else return;
    event.preventDefault();
  }

  /* A place opened by key is named; one clicked is found from the point, in Python. */
  function open(id) {
    const at = state.places.get(id).at;
    main().fire("click", { latlng: { ...fresh(at), place: id } });
  }

  /* Doors --------------------------------------------------------------------------- */

  /* Outlines that no file may hold: the page has them, or will (shapes.js). */
  async function held(source) {
    if (source.places) return source;
    const frame = outer();
    const shapes = () => frame.mosaicoShapes && frame.mosaicoShapes[source.id];
    while (!shapes()) {
      await new Promise((come) => frame.addEventListener("mosaico-shapes", come, { once: true }));
    }
    return unpacked(shapes());
  }

  async function loadHexes(payload) {
    payload.hexIds = { h3_3: [], h3_4: [] };
    const source = payload.hexes;
    if (!source) return;
    if (!state.hexFiles.has(source.id)) {
      state.hexFiles.set(source.id, takePlaces(await (source.url ? json(source.url) : held(source))));
    }
    state.hexFiles.get(source.id).forEach((id) => payload.hexIds[state.places.get(id).level].push(id));
  }

  /* A sheet is not as large as the window, and a map is not redrawn while it is printed. */
  function fitPaper(sheet) {
    const { style, offsetHeight } = window.frameElement;
    for (const side of ["width", "height"]) style.removeProperty(side);
    if (sheet) {
      style.setProperty("width", `${sheet.width}px`, "important");
      style.setProperty("height", `${Math.min(offsetHeight, sheet.height)}px`, "important");
    }
    measure();
  }

  async function start(map, options) {
    state.options = options.map;
    state.twins = options.twins;
    retheme(isDark());
    map.setMaxBounds(options.map.maxBounds); // a folium map takes no bounds for its own box
    buildFrame(map);
    const frame = outer();
    if (frame) {
      frame.addEventListener("popstate", () => state.started && readView());
      frame.addEventListener("beforeprint", () => { retheme(false); fitPaper(SHEET); });
      frame.addEventListener("afterprint", () => { retheme(isDark()); fitPaper(null); });
      new MutationObserver(() => retheme(isDark())).observe(page(), { attributes: true });
    }
    try {
      const file = await json(options.base);
      const points = (list) => list.map((one) => shape(one, file.scale));
      state.base = {
        states: takePlaces(file), land: points(file.land), lakes: points(file.lakes),
        lines: file.lines.map((one) => one.map((flat) => ring(flat, file.scale))),
        cities: file.cities,
      };
      state.panels.forEach(drawBase);
      if (state.waiting) await paint(state.waiting);
    } catch (failure) {
      fail();
    }
  }

  async function fail() {
    state.failed = true;
    const texts = state.waiting && (await whole(state.waiting)).texts;
    if (!texts || state.root.querySelector(".failed")) return;
    const box = element("p", "failed", state.root, texts.failed);
    box.setAttribute("role", "alert");
  }

  /* What all readers are sent comes packed: compressed, as text, beside what is this one's. */
  async function whole(given) {
    return given.packed ? { ...(await unpacked(given.packed)), ...given } : given;
  }

  async function paint(given) {
    state.waiting = given;
    if (state.failed) fail();
    if (!state.base) return;
    let payload;
    try {
      payload = await whole(given);
      await loadHexes(payload);
    } catch (failure) {
      fail();
      return;
    }
    if (state.waiting === given) apply(payload);
  }

  return { start, paint };
})();
