/* Outlines of a release that is not public, which no file may hold: kept on the page for the map
   in its frame, so that they come once and not with every filter. */
export default function ({ data }) {
  window.mosaicoShapes = { ...window.mosaicoShapes, [data.id]: data.packed };
  window.dispatchEvent(new Event("mosaico-shapes"));
}
