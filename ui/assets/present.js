/* Steps through the layers: buttons, and the arrow keys of the whole page. Escape goes back to
   the map through the page's own link, so that the session and its view are kept. Words are set
   as text, never as markup. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".present");
  root.setAttribute("aria-label", data.label);
  root.querySelectorAll("button").forEach((button) => {
    button.textContent = data[button.dataset.step];
    button.onclick = () => setTriggerValue("stepped", button.dataset.step);
  });
  root.querySelector("[role=status]").textContent = data.shown;
  root.querySelector(".keys").textContent = data.keys;
  const steps = { ArrowLeft: "previous", ArrowRight: "next" };
  const onKey = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (steps[event.key]) {
      event.preventDefault();
      setTriggerValue("stepped", steps[event.key]);
    } else if (event.key === "Escape") {
      const back = document.querySelector(".st-key-present-back a");
      if (back) back.click();
    }
  };
  document.removeEventListener("keydown", root.onKey); // drawn again: one listener, one step
  root.onKey = onKey;
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", root.onKey);
}
