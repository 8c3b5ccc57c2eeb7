/* Whoever started the server on their own computer opens the address that `make run` printed.
   What stands behind its # is never sent; from the cookie the server knows the key, until the
   browser is closed or the server stops. */
const COOKIE = "mosaico_key"; // as in ui/access.py

function take() {
  const key = new URLSearchParams(window.location.hash.slice(1)).get("key");
  if (!/^[\w-]+$/.test(key ?? "")) return;
  document.cookie = `${COOKIE}=${key}; Path=/; SameSite=Strict`;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  window.location.reload(); // a new session, which the cookie comes with
}

export default function () {
  take();
  window.addEventListener("hashchange", take); // the same listener is added once
}
