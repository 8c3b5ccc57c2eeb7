/* The crosstab of two layers: how many states in each pair of classes, and which. Data is
   set as text, never as markup. */
export default function (component) {
  const { data, parentElement } = component;
  const make = (kind, parent, text, attributes) => {
    const made = document.createElement(kind);
    if (text !== undefined && text !== null) made.textContent = text;
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    if (parent) parent.appendChild(made);
    return made;
  };
  const root = parentElement.querySelector(".crosstab");
  root.replaceChildren();
  root.style.setProperty("--first", data.stripes[0]);
  root.style.setProperty("--second", data.stripes[1]);
  const scroll = make("div", root, null, { class: "scroll", tabindex: "0", role: "region", "aria-label": data.caption });
  const table = make("table", scroll);
  make("caption", table, data.caption);
  const body = make("tbody", table);
  data.rows.forEach((row, i) => {
    const tr = make("tr", body);
    if (i === 0) make("span", make("th", tr, null, { scope: "rowgroup", rowspan: data.rows.length, class: "side" }), data.second);
    make("th", tr, row.label, { scope: "row" });
    row.cells.forEach((cell) => {
      const td = make("td", tr);
      const swatch = make("span", td, null, { class: "swatch mark-" + (cell.colour ? "value" : cell.mark) });
      if (cell.colour) swatch.style.background = cell.colour;
      make("b", td, cell.count);
      if (cell.names) make("span", td, cell.names, { class: "names" });
    });
  });
  const foot = make("tr", make("tfoot", table));
  make("td", foot, null, { colspan: "2" });
  data.head.forEach((label) => make("th", foot, label, { scope: "col" }));
  const under = make("tr", foot.parentElement);
  make("td", under, null, { colspan: "2" });
  make("th", under, data.first, { scope: "colgroup", colspan: data.head.length });
  make("p", root, data.note, { class: "note" });
}
