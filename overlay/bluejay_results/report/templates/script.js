"use strict";
(() => {
  // A link to a conversation opens its details, and the folded list that contains it.
  function open() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    target.hidden = false;
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    target.scrollIntoView();
    const summary = target.querySelector("summary");
    if (summary) summary.focus({ preventScroll: true });
  }
  // Without scripts, there is no filter, and every conversation is shown.
  for (const filter of document.querySelectorAll(".filter")) {
    const list = filter.closest("section");
    const rows = [...list.querySelectorAll(".c")];
    filter.hidden = false;
    filter.addEventListener("input", () => {
      const [outcome, caller, text] = [...filter.querySelectorAll("select, input")].map((each) => each.value.trim());
      const isFor = (row) =>
        (!outcome || row.dataset.outcome === outcome) &&
        (!caller || row.dataset.caller === caller) &&
        row.textContent.toLowerCase().includes(text.toLowerCase());
      for (const row of rows) row.hidden = !isFor(row);
      const shown = rows.filter((row) => !row.hidden);
      const isFiltered = outcome || caller || text;
      for (const each of list.querySelectorAll(".passed"))
        each.open = Boolean(isFiltered) && shown.some((row) => each.contains(row));
      filter.querySelector("output").value = isFiltered ? `${shown.length} of ${rows.length} shown` : "";
    });
  }
  addEventListener("hashchange", open);
  open();
})();
