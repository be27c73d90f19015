// Draws the places of a list on a map. The list stays the content; this only adds a picture of it.
function places(list) {
  return Array.from(list.querySelectorAll("[data-lat][data-lon]"))
    .map((item) => ({ item, at: [Number(item.dataset.lat), Number(item.dataset.lon)], name: item.dataset.name }))
    .filter(({ at }) => Number.isFinite(at[0]) && Number.isFinite(at[1]) && (at[0] !== 0 || at[1] !== 0));
}

function popup(item, name) {
  const box = document.createElement("p");
  const link = item.querySelector("a[href]");
  const inner = link ? link.cloneNode(true) : document.createTextNode(name || item.textContent.trim());
  box.append(inner);
  return box;
}

async function addOutlines(map, address) {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const style = { color: "#767676", weight: 1, fillColor: "#ffffff", fillOpacity: 0.6, interactive: false };
  const layer = L.geoJSON(await answer.json(), { style });
  layer.addTo(map).bringToBack();
}

function draw(box) {
  const list = document.getElementById(box.dataset.list);
  const found = list ? places(list) : [];
  if (!found.length && !box.dataset.outlines) return;
  box.hidden = false;
  const map = L.map(box, { scrollWheelZoom: false, attributionControl: Boolean(box.dataset.credit) });
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", box.dataset.label);
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit, maxZoom: 18 }).addTo(map);
  const style = { radius: 7, color: "#ffffff", weight: 1.5, fillColor: "#0017c1", fillOpacity: 0.85 };
  for (const { item, at, name } of found) {
    L.circleMarker(at, style).bindPopup(popup(item, name)).addTo(map);
  }
  if (found.length) map.fitBounds(L.latLngBounds(found.map(({ at }) => at)).pad(0.08), { maxZoom: 15 });
  else map.setView([35.68, 139.6], 10);
  if (box.dataset.outlines) addOutlines(map, box.dataset.outlines);
}

for (const box of document.querySelectorAll("[data-map]")) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = box.dataset.css;
  sheet.addEventListener("load", () => draw(box));
  document.head.append(sheet);
}
