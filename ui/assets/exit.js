/* Quick exit: leaves without a trace in the history; also sets the page's language. */
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
}
