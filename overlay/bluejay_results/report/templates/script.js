"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const table = document.getElementById("list");
  const state = document.getElementById("state");
  const more = document.getElementById("more");
  const rows = [...table.tBodies];
  const columns = [...table.tHead.rows[0].cells];
  const names = columns.map((each) => each.textContent.split(",")[0]);
  const words = { f: "failed", d: "doubtful", v: "void", p: "passed", u: "under way" };
  const STEP = 500;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const packs = new Map();
  const texts = new Map();
  let limit = STEP;
  let sort = "";
  let order = rows;

  // The text of a row that the filter searches, including details that are not compressed.
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  const cell = (row, column) => row.rows[0].cells[column].textContent.trim();
  const number = (text) => (/\d/.test(text) ? parseFloat(text.replaceAll(",", "")) : NaN);

  function unpack(place) {
    if (!packs.has(place)) {
      const packed = document.getElementById("pack" + place).textContent;
      const bytes = Uint8Array.from(atob(packed), (each) => each.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      packs.set(place, new Response(stream).json());
    }
    return packs.get(place);
  }

  async function fill(row, details) {
    if (details.dataset.filled) return;
    details.dataset.filled = "yes";
    const full = document.createElement("div");
    full.className = "full";
    full.innerHTML = (await unpack(row.dataset.pack))[row.id.slice(1)];
    details.append(full);
    details.dataset.filled = "done";
  }

  // The details of a conversation that passed are in a pack; they are added when the conversation is opened.
  for (const row of rows) {
    if (!row.dataset.pack) continue;
    const holder = row.rows[1].cells[0];
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.append(...holder.childNodes);
    details.append(summary);
    holder.append(details);
    details.addEventListener("toggle", () => details.open && fill(row, details));
  }

  function sorted() {
    if (!sort) return rows;
    const column = names.indexOf(sort.replace(/^-/, ""));
    const sign = sort.startsWith("-") ? -1 : 1;
    const keys = new Map(rows.map((row) => [row, cell(row, column)]));
    const isNumber = rows.some((row) => !Number.isNaN(number(keys.get(row)))) && column > 0 && column !== 3;
    return rows.toSorted((a, b) => {
      if (!isNumber) return sign * keys.get(a).localeCompare(keys.get(b));
      const [x, y] = [number(keys.get(a)), number(keys.get(b))];
      return Number.isNaN(x) - Number.isNaN(y) || sign * (x - y) || 0;
    });
  }

  function show() {
    const wanted = form.show.value;
    const caller = form.caller.value.trim();
    const text = form.text.value.trim().toLowerCase();
    const fitting = order.filter(
      (row) =>
        (!wanted || row.dataset.o === wanted) &&
        (!caller || cell(row, 2) === caller) &&
        (!text || textOf(row).includes(text)),
    );
    const found = fitting.length;
    // Rows that aren't shown are removed from the document: ten thousand hidden rows would make it slow.
    for (const row of [...table.tBodies]) row.remove();
    table.append(...fitting.slice(0, limit));
    const said = [];
    if (wanted) said.push(words[wanted]);
    if (caller) said.push("caller " + caller);
    if (text) said.push("with the text “" + form.text.value.trim() + "”");
    const counted = found.toLocaleString("en") + " of " + rows.length.toLocaleString("en");
    const by = sort ? "sorted by " + sort.replace(/^-/, "") + (sort[0] === "-" ? ", highest first" : ", lowest first") : "the worst first";
    state.textContent = counted + (said.length ? ": " + said.join(", ") : " conversations") + "; " + by;
    more.hidden = found <= limit;
    more.textContent = "Show " + Math.min(STEP, found - limit) + " more of " + (found - limit).toLocaleString("en");
  }

  function arrange() {
    order = sorted();
    columns.forEach((each, place) => {
      const is = sort.replace(/^-/, "") === names[place];
      if (is) each.setAttribute("aria-sort", sort[0] === "-" ? "descending" : "ascending");
      else each.removeAttribute("aria-sort");
    });
  }

  function write() {
    const kept = new URLSearchParams();
    for (const name of ["show", "caller", "text"]) if (form[name].value.trim()) kept.set(name, form[name].value.trim());
    if (sort) kept.set("sort", sort);
    history.replaceState(null, "", "#" + (kept.toString() || "conversations"));
  }

  function open(row) {
    if (!row.isConnected) {
      form.caller.value = form.text.value = form.show.value = "";
      limit = Math.max(limit, order.indexOf(row) + 1);
      show();
    }
    const details = row.querySelector("details");
    details.open = true;
    row.scrollIntoView();
    details.querySelector("summary").focus({ preventScroll: true });
  }

  // The fragment is a conversation (#c482130002) or the state of the list (#show=failed&caller=57).
  function read() {
    const fragment = location.hash.slice(1);
    const row = byId.get(fragment);
    if (row) return open(row);
    if (!fragment.includes("=")) return undefined;
    const kept = new URLSearchParams(fragment);
    const wanted = kept.get("show") || "";
    form.show.value = Object.keys(words).find((key) => words[key] === wanted) || (wanted in words ? wanted : "");
    form.caller.value = kept.get("caller") || "";
    form.text.value = kept.get("text") || "";
    sort = names.includes((kept.get("sort") || "").replace(/^-/, "")) ? kept.get("sort") : "";
    arrange();
    show();
    return document.getElementById("conversations").scrollIntoView();
  }

  function changed() {
    limit = STEP;
    show();
    write();
  }

  columns.forEach((each, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...each.childNodes);
    each.append(button);
    button.addEventListener("click", () => {
      const name = names[place];
      sort = sort === "-" + name ? name : sort === name ? "" : place ? "-" + name : name;
      arrange();
      changed();
    });
  });
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, rows.length > 2000 ? 200 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { sort = ""; arrange(); changed(); }));
  more.addEventListener("click", () => { limit += STEP; show(); });
  addEventListener("hashchange", read);
  form.hidden = false;
  show();
  read();
})();
