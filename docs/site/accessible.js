// Mends two faults of the theme: several landmarks have the same name, and wide tables can't be scrolled by keyboard.
function mend() {
  document.querySelectorAll(".md-code__nav").forEach((bar, i) => (bar.ariaLabel = `Code ${i + 1}`));
  for (const list of document.querySelectorAll(".md-nav--secondary .md-nav:not([data-mended])")) {
    list.dataset.mended = "";
    list.ariaLabel = `On this page: ${list.ariaLabel}`;
  }
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap")) table.tabIndex = 0;
}

new MutationObserver(mend).observe(document.documentElement, { childList: true, subtree: true });
