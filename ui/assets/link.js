/* The address of the view, to be copied: what the page says, and where the map stands now. */
export default function (component) {
  const { data, parentElement } = component;
  const [label, field, button, told] = parentElement.querySelector(".link").children;
  const address = () => {
    const url = new URL(data.address, location.href);
    const view = new URLSearchParams(location.search).get("view");
    if (view) url.searchParams.set("view", view);
    return url.href.replace(/%2C/g, ",");
  };
  label.textContent = data.label;
  button.textContent = data.copy;
  field.value = address();
  field.onfocus = () => { field.value = address(); field.select(); };
  button.onclick = async () => {
    field.value = address();
    let copied = true;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch (refused) { // a page that is not served safely may not write: the reader can
      copied = false;
      field.select();
    }
    told.textContent = copied ? data.copied : data.by_hand;
  };
}
