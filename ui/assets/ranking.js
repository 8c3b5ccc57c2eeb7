/* The ranked table: the map's twin for keyboard, screen reader and print. Data is set as
   text, never as markup. A long table comes as bytes: the opened place, a line feed, and the
   table compressed, its rows as columns. */
async function unpacked(bytes) {
  const end = bytes.indexOf(10);
  const stream = new Blob([bytes.subarray(end + 1)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const table = await new Response(stream).json();
  const columns = Object.entries(table.rows);
  const row = (i) => Object.fromEntries(columns.map(([name, values]) => [name, values[i]]));
  const selected = new TextDecoder().decode(bytes.subarray(0, end));
  return { ...table, rows: (table.rows.id || []).map((_, i) => row(i)), selected };
}

const newest = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".ranking");
  newest.set(root, data);
  if (!(data instanceof Uint8Array)) {
    draw(component, root, data);
    return;
  }
  unpacked(data).then((table) => {
    if (newest.get(root) === data) draw(component, root, table);
  });
}

function draw(component, root, data) {
  const { setTriggerValue } = component;
  const make = (kind, parent, text, attributes) => {
    const made = document.createElement(kind);
    if (text !== undefined && text !== null) made.textContent = text;
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    if (parent) parent.appendChild(made);
    return made;
  };
  const scrolled = root.querySelector(".scroll") ? root.querySelector(".scroll").scrollTop : 0;
  root.replaceChildren();
  root.classList.toggle("many", data.columns.length > 1);

  if (data.rows.length + data.unplaced.length === 0) {
    make("p", root, data.note, { class: "note" });
    return;
  }
  const scroll = make("div", root, null, { class: "scroll", tabindex: "0", role: "region", "aria-label": data.caption });
  const table = make("table", scroll);
  make("caption", table, data.caption);
  const head = make("tr", make("thead", table));
  make("th", head, data.place, { scope: "col" });
  data.columns.forEach((column) => {
    const th = make("th", head, null, { scope: "col" });
    make("span", th, null, { class: "chip" }).style.background = column.colour;
    th.append(column.title);
  });
  if (data.extra) make("th", head, data.extra, { scope: "col" });

  const body = make("tbody", table);
  const cells = (tr, row, colourOf) => {
    counts(tr, row, colourOf);
    if (row.extra) make("td", tr, row.extra, { class: "extra" });
  };
  const counts = (tr, row, colourOf) => row.values.forEach((value, i) => {
    const td = make("td", tr);
    const text = row.texts[i], beside = row.beside && row.beside[i];
    if (value === null && text !== null) {
      make("span", td, text, { class: "few", ...(beside ? { title: beside } : {}) });
      if (beside) make("span", td, beside, { class: "beside" });
      return;
    }
    if (value === null) {
      make("span", td, data.columns[i].hidden, { class: "none", title: data.columns[i].hidden_long });
      return;
    }
    const cell = make("div", td, null, { class: "cell" });
    const bar = make("div", make("div", cell), null, { class: row.partly[i] ? "bar partly" : "bar" });
    bar.style.width = (100 * value / data.most).toFixed(2) + "%";
    bar.style.backgroundColor = colourOf(i);
    make("span", cell, text, { class: "number" });
    if (beside) make("span", td, beside, { class: "beside" });
  });
  data.unplaced.forEach((row) => {
    const tr = make("tr", body, null, { class: "lost" });
    make("th", tr, row.name, { scope: "row" });
    cells(tr, row, () => data.unplaced_colour);
  });
  data.rows.forEach((row) => {
    const tr = make("tr", body, null, row.id === data.selected ? { "aria-current": "true" } : {});
    const button = make("button", make("th", tr, null, { scope: "row" }), row.name, { type: "button" });
    button.addEventListener("click", () => setTriggerValue("picked", row.id));
    cells(tr, row, (i) => data.columns[i].colour);
  });
  scroll.scrollTop = scrolled;
  make("p", root, data.note, { class: "note" });
}
