/* A profile chart: ranked bars in a table, so that the chart and its twin for keyboard, screen
   reader and print are one. Data is set as text, never as markup. */
export default function (component) {
  const { data, parentElement } = component;
  const make = (kind, parent, text, attributes) => {
    const made = document.createElement(kind);
    if (text !== undefined && text !== null) made.textContent = text;
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    if (parent) parent.appendChild(made);
    return made;
  };
  const root = parentElement.querySelector(".profile");
  const open = root.dataset.open === "yes" && root.dataset.caption === data.caption;
  root.dataset.caption = data.caption;
  root.replaceChildren();
  root.classList.toggle("several", data.columns.length > 1);

  const table = make("table", root);
  make("caption", table, data.caption, { class: "spoken" });
  const head = make("tr", make("thead", table));
  make("span", make("th", head, null, { scope: "col" }), data.value, { class: "spoken" });
  data.columns.forEach((column) => {
    const th = make("th", head, null, { scope: "col" });
    const chip = make("span", th, null, { class: "chip" });
    chip.style.background = column.colour;
    th.append(column.title);
    make("span", th, column.of, { class: "of" });
  });

  const body = make("tbody", table);
  const add = (row, kind) => {
    const tr = make("tr", body, null, kind ? { class: kind } : {});
    make("th", tr, row.name, { scope: "row" });
    row.values.forEach((value, i) => {
      const td = make("td", tr);
      if (value === null) {
        make("span", td, data.hidden, { class: "none", title: data.hidden_long });
        return;
      }
      const cell = make("div", td, null, { class: "cell" });
      const track = make("div", cell, null, { class: "track" });
      if (kind !== "lost") {  // a bar of those not known would dwarf the others
        const bar = make("div", track, null, { class: "bar" });
        bar.style.width = (100 * value / data.columns[i].most).toFixed(2) + "%";
        bar.style.backgroundColor = data.columns[i].colour;
      }
      make("span", cell, row.texts[i], { class: "number" });
      make("span", cell, row.shares[i], { class: "share" });
    });
    return tr;
  };
  const rows = data.rows.map((row) => add(row, ""));
  data.lost.forEach((row) => add(row, "lost"));
  if (rows.length <= data.first) return;

  const button = make("button", root, null, { type: "button" });
  const show = (all) => {
    root.dataset.open = all ? "yes" : "no";
    rows.slice(data.first).forEach((tr) => { tr.hidden = !all; });
    button.textContent = all ? data.fewer : data.more;
    button.setAttribute("aria-expanded", String(all));
  };
  button.addEventListener("click", () => show(root.dataset.open !== "yes"));
  show(open);
}
