/* Search of a place by name: a combobox over a list that is here already, so that what is
   typed goes nowhere. Accents and capitals do not matter. Names are set as text, never as
   markup. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const MOST = 8;
  const make = (kind, parent, attributes, text) => {
    const made = document.createElement(kind);
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    if (text !== undefined) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  };
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

  const root = parentElement.querySelector(".find");
  if (!root.firstChild) {
    const label = make("label", root, { for: "mosaico-find" });
    make("input", root, {
      id: "mosaico-find", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "mosaico-found",
    });
    make("ul", root, { id: "mosaico-found", role: "listbox", hidden: "" });
    make("p", root, { class: "told", role: "status", hidden: "" });
    label.className = "label";
  }
  const [label, input, list, told] = root.children;
  label.textContent = data.label;
  input.placeholder = data.hint;
  list.setAttribute("aria-label", data.label);
  let at = -1, shown = [];

  /* A name that begins so comes first, then one of whose words does. */
  function found(text) {
    const wanted = folded(text);
    if (!wanted) return [];
    const rank = (key) => (key.startsWith(wanted) ? 0 : key.includes(" " + wanted) ? 1 : key.includes(wanted) ? 2 : 3);
    return data.options.map((option) => [rank(option.key), option]).filter(([place]) => place < 3)
      .sort((one, other) => one[0] - other[0]).slice(0, MOST).map(([, option]) => option);
  }

  function close() {
    list.hidden = true;
    told.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  }

  function mark(next) {
    at = next;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[at].id);
  }

  function pick(option) {
    input.value = "";
    close();
    setTriggerValue("picked", option.id);
  }

  function draw() {
    shown = found(input.value);
    list.replaceChildren();
    shown.forEach((option, i) => {
      const item = make("li", list, { id: "mosaico-found-" + i, role: "option", "aria-selected": "false" });
      make("span", item, {}, option.name);
      make("span", item, { class: "within" }, option.within);
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        pick(option);
      });
    });
    const nothing = !shown.length && folded(input.value);
    list.hidden = !shown.length;
    told.hidden = !nothing;
    told.textContent = nothing ? data.none : "";
    input.setAttribute("aria-expanded", String(shown.length > 0));
    mark(shown.length ? 0 : -1);
  }

  input.oninput = draw;
  input.onfocus = draw;
  input.onblur = close;
  input.onkeydown = (event) => {
    if (event.key === "ArrowDown" && shown.length) mark((at + 1) % shown.length);
    else if (event.key === "ArrowUp" && shown.length) mark((at + shown.length - 1) % shown.length);
    else if (event.key === "Enter" && at >= 0) pick(shown[at]);
    else if (event.key === "Escape") {
      input.value = "";
      close();
    } else return;
    event.preventDefault();
  };
}
