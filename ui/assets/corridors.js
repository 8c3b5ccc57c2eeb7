/* Arcs between states over their outlines. The table beside them holds the same numbers; a state
   is also chosen in the list above. Data is set as text and attributes, never as markup. */
const NAMESPACE = "http://www.w3.org/2000/svg";

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".corridors");
  const svg = (kind, parent, attributes, text) => {
    const made = document.createElementNS(NAMESPACE, kind);
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    if (text) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  };
  const html = (kind, parent, attributes, text) => {
    const made = document.createElement(kind);
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    if (text) made.textContent = text;
    parent.appendChild(made);
    return made;
  };
  root.replaceChildren();
  const picture = svg("svg", root, {
    viewBox: `0 0 ${data.width} ${data.height}`, role: "img", "aria-label": data.label,
  });
  const ground = svg("g", picture);
  data.states.forEach((state) => {
    const shape = svg("path", ground, { d: state.path, class: "state" });
    if (state.id === data.selected) shape.classList.add("selected");
    svg("title", shape, {}, state.name);
    shape.addEventListener("click", () => setTriggerValue("picked", state.id));
  });
  const arcs = svg("g", picture, { class: "arcs" });
  data.arcs.forEach((arc) => {
    const group = svg("g", arcs);
    svg("title", group, {}, arc.text);
    svg("path", group, { d: arc.path, class: "halo", "stroke-width": arc.width + 2 });
    svg("path", group, { d: arc.path, class: "line", stroke: arc.colour, "stroke-width": arc.width });
    if (arc.head) svg("path", group, { d: arc.head, class: "head", fill: arc.colour });
    svg("path", group, { d: arc.path, class: "grip" });
  });
  data.names.forEach((name) => {
    const [cx, cy] = name.point;
    const [x, y] = name.at;
    svg("circle", picture, { cx, cy, r: 3.4, class: "point" });
    svg("text", picture, { x, y }, name.text);
  });

  const legend = html("div", root, { class: "legend" });
  const scale = html("div", legend, { class: "scale" });
  html("strong", scale, {}, data.legend.title);
  const classes = html("ul", scale, { class: "classes" });
  data.legend.classes.forEach((one) => {
    const item = html("li", classes);
    const line = html("span", item, { class: "stroke" });
    line.style.height = `${one.width}px`;
    line.style.backgroundColor = one.colour;
    item.append(one.text);
  });
  ["arrow", "ring", "hidden", "schematic"].forEach((key) => {
    html("p", legend, { class: key }, data.legend[key]);
  });
}
