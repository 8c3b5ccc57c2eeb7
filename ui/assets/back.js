/* Signing in and out lead by the provider to the home page. This brings a reader back to where
   she was, and who signs out to the home page in her language. The address stays in this tab:
   neither the provider nor a log learns which view it was. Streamlit does not say that a sign-in
   came to nothing: whoever went to sign in and comes home without being so tells it the server. */
const KEPT = "mosaico.back";
const FAILED = "mosaico.failed";
const PATIENCE = 15 * 60 * 1000; // milliseconds: whoever comes home later wants to be there

let told = {};

function keep(event) {
  const pressed = (name) => event.target.closest(`.st-key-${name} button`);
  const { pathname, search } = window.location;
  let address;
  const signing = pressed("sign-in");
  if (signing) address = pathname + (told.asked ? `?${told.asked}` : search);
  else if (pressed("sign-out")) address = `${told.home}?lang=${told.lang}`;
  else return;
  const kept = { address, at: Date.now(), page: performance.timeOrigin, signing: Boolean(signing) };
  window.sessionStorage.setItem(KEPT, JSON.stringify(kept));
}

function comeBack() {
  const kept = JSON.parse(window.sessionStorage.getItem(KEPT) ?? "null");
  if (!kept || kept.page === performance.timeOrigin) return; // not gone yet
  window.sessionStorage.removeItem(KEPT);
  const home = window.location.pathname === told.home && !window.location.search;
  if (!home || Date.now() - kept.at > PATIENCE || !/^\/(?!\/)/.test(kept.address)) return;
  if (kept.signing && !told.signed) window.sessionStorage.setItem(FAILED, "yes");
  if (kept.address === told.home) return;
  document.body.style.visibility = "hidden";
  window.location.replace(kept.address);
}

export default function ({ data, setTriggerValue }) {
  told = data;
  if (told.stayed) window.sessionStorage.removeItem(KEPT); // the provider was not even asked
  comeBack();
  if (window.sessionStorage.getItem(FAILED) && document.body.style.visibility !== "hidden") {
    window.sessionStorage.removeItem(FAILED);
    setTriggerValue("failed", true);
  }
  document.addEventListener("click", keep, true); // before the press reaches the server
  return () => document.removeEventListener("click", keep, true);
}
