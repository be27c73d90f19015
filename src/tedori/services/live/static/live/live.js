// Keeps the readings of a page up to date. The page is whole without it; this only rewrites what has changed.
const words = JSON.parse(document.getElementById("live-words").textContent);
const language = document.documentElement.lang;
const state = document.querySelector("[data-live-state]");
const note = document.querySelector("[data-live-note]");
const STEPS = [[86400, "day"], [3600, "hour"], [60, "minute"]];

function tell(text) {
  if (note.textContent !== text) note.textContent = text;
}

function agoText(seconds) {
  const step = STEPS.find(([length]) => seconds >= length);
  return step ? words[step[1]].replace("{n}", Math.floor(seconds / step[0])) : words.now;
}

function grow(time) {
  const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
  const text = agoText(seconds);
  if (time.textContent !== text) time.textContent = text;
  const old = time.parentElement.querySelector("[data-old]");
  if (old) old.hidden = seconds <= Number(time.dataset.age) * 60;
}

function stamp(time, at) {
  if (!time || !at || Date.parse(time.dateTime) > Date.parse(at)) return;
  time.dateTime = at;
  time.title = new Date(at).toLocaleString(language);
  grow(time);
}

function short(name) {
  return name.split(/[/#]/).pop();
}

function plain(value, item) {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return value.toLocaleString("en-US", { maximumFractionDigits: 20 });
  if (Array.isArray(value)) return value.map((part) => plain(part, item)).join(words.sep);
  if (value === null || typeof value !== "object") return (item && item.words[value]) || String(value ?? "");
  if ("@value" in value) return new Date(value["@value"]).toLocaleString(language);
  return null;
}

function instanceOf(attribute, dataset) {
  const all = Array.isArray(attribute) ? attribute : [attribute];
  return all.find((one) => (one.datasetId || "") === dataset);
}

// Writes one reading; gives what to say of it, or nothing when it is as it was.
function write(cell, entity) {
  const attribute = entity[cell.dataset.attribute];
  if (attribute === undefined) return "";
  const one = instanceOf(attribute, cell.dataset.dataset || "");
  if (!one || one.type !== "Property") return "";
  const item = (words.items || {})[short(cell.dataset.attribute)];
  const text = plain(one.value, item);
  stamp(cell.querySelector("time"), one.observedAt);
  const place = cell.querySelector("[data-value]");
  if (text === null || place.textContent === text) return "";
  place.textContent = text;
  cell.classList.remove("changed");
  void cell.offsetWidth;
  cell.classList.add("changed");
  const unit = item ? item.unit : "";
  return `${item ? item.label : short(cell.dataset.attribute)} ${text}${unit}`;
}

function newest(entity) {
  const times = Object.values(entity).flatMap((one) => [one].flat()).map((one) => one && one.observedAt);
  return times.filter(Boolean).sort().pop() || new Date().toISOString();
}

let waiting = new Set();
function announce(one, said, row) {
  if (one) return tell(said.join(words.sep));
  waiting.add(row);
  if (waiting.size === 1) {
    setTimeout(() => {
      tell(words.changed.replace("{n}", waiting.size));
      waiting = new Set();
    }, 5000);
  }
}

function rowOf(urn) {
  return document.querySelector(`[data-urn="${CSS.escape(urn)}"]`);
}

function changed(table, event) {
  const entity = JSON.parse(event.data);
  const row = rowOf(entity.id);
  if (!row) return event.type === "created" && tell(words.added);
  const said = Array.from(row.querySelectorAll("[data-attribute]"), (cell) => write(cell, entity)).filter(Boolean);
  const latest = table.dataset.one ? document.querySelector("[data-latest] time") : row.querySelector("[data-latest] time");
  stamp(latest, newest(entity));
  if (said.length) announce(table.dataset.one, said, row);
}

function gone(event) {
  const row = rowOf(JSON.parse(event.data).id);
  if (!row) return;
  row.classList.add("gone");
  tell(words.gone);
}

function listen(table) {
  const source = new EventSource(table.dataset.live);
  const show = (text) => {
    state.hidden = false;
    if (state.textContent !== text) state.textContent = text;
    document.querySelector("[data-live-plain]").hidden = true;
  };
  source.addEventListener("ready", () => show(words.on));
  source.addEventListener("error", () => show(words.off));
  for (const kind of ["created", "updated"]) source.addEventListener(kind, (event) => changed(table, event));
  for (const kind of ["deleted", "left"]) source.addEventListener(kind, gone);
  source.addEventListener("resync", () => tell(words.resync));
  window.addEventListener("pagehide", () => source.close());
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}

for (const table of document.querySelectorAll("[data-live]")) listen(table);
setInterval(() => document.querySelectorAll("time[data-age]").forEach(grow), 10000);
