/* What a page does beyond being read; it is whole without. Both renderers take this file: each part
   looks for what it is about, and leaves alone what Quarto's own scripts do. */

(() => {
  "use strict";

  /* --- contents: open where they stand beside the text, the section being read marked --- */

  const contents = document.querySelector("details.contents");

  const besideTheText = () => {
    const wide = matchMedia("(min-width: 72rem)"); // as in the stylesheet
    const follow = () => { contents.open = wide.matches; };
    follow();
    wide.addEventListener("change", follow);
    contents.addEventListener("click", (event) => {
      if (event.target.closest("a") && !wide.matches) contents.open = false;
    });
  };

  const markSection = () => {
    const entries = [];
    for (const link of contents.querySelectorAll("a[href^='#']")) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading) entries.push({ link, heading });
    }
    let marked = null;
    const mark = () => {
      const line = innerHeight / 4; // a section is being read once its heading is above this
      let current = null;
      for (const entry of entries) {
        if (entry.heading.closest("details:not([open])")) continue;
        if (entry.heading.getBoundingClientRect().top > line) break;
        current = entry;
      }
      const link = current && current.link;
      if (link === marked) return;
      if (marked) marked.removeAttribute("aria-current");
      if (link) {
        link.setAttribute("aria-current", "true");
        const { top, bottom } = link.getBoundingClientRect();
        const room = contents.getBoundingClientRect();
        if (top < room.top) contents.scrollTop -= room.top - top;
        if (bottom > room.bottom) contents.scrollTop += bottom - room.bottom;
      }
      marked = link;
    };
    // called whenever a heading crosses that line, whichever way
    const watch = new IntersectionObserver(mark, { rootMargin: "0px 0px -75% 0px" });
    for (const { heading } of entries) watch.observe(heading);
  };

  if (contents) {
    besideTheText();
    markSection();
  }

  /* --- folding: what a link leads to is unfolded, and everything is for paper --- */

  // Bootstrap opens what Quarto folds when its title is clicked, and knows no keyboard there
  for (const title of document.querySelectorAll('.callout-header[data-bs-toggle="collapse"]')) {
    title.setAttribute("role", "button");
    title.setAttribute("tabindex", "0");
    title.removeAttribute("aria-label"); // its words are its name
    title.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      title.click();
    });
  }

  const unfoldByQuarto = (box) => {
    const title = box.parentElement.querySelector('[data-bs-toggle="collapse"]');
    if (title && !box.classList.contains("show")) title.click();
  };

  const show = (hash) => {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    let folded = false;
    for (let box = target.parentElement; box; box = box.parentElement) {
      if (box.matches("details:not([open])")) {
        box.open = true;
        folded = true;
      } else if (box.matches(".callout-collapse:not(.show)")) {
        unfoldByQuarto(box);
        box.addEventListener("shown.bs.collapse", () => target.scrollIntoView(), { once: true });
      }
    }
    const unseen = !target.getClientRects().length; // such as in a row that a filter hides
    target.dispatchEvent(new Event("ledto", { bubbles: true })); // for the other scripts
    if (folded || unseen) target.scrollIntoView();
  };

  addEventListener("hashchange", () => show(location.hash));
  // a link to the place where the reader is already changes no address
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href^='#']");
    const hash = link && link.getAttribute("href"); // a picture's links know no `hash`
    if (hash && hash === location.hash) show(hash);
  });
  addEventListener("load", () => show(location.hash)); // after Bootstrap has started

  let forPaper = [];
  addEventListener("beforeprint", () => {
    forPaper = [...document.querySelectorAll("details.callout:not([open])")];
    for (const box of forPaper) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of forPaper) box.open = false;
    forPaper = [];
  });

  /* --- code: a button that copies it --- */

  const copyButton = (block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const said = (text) => {
      button.textContent = text;
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    };
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(block.textContent.trimEnd()).then(
        () => said("Copied"),
        () => said("Not copied"),
      );
    });
    button.setAttribute("aria-live", "polite");
    const frame = document.createElement("div");
    frame.className = "with-copy";
    block.replaceWith(frame);
    frame.append(block, button);
  };

  const byQuarto = document.getElementById("quarto-content");
  if (!byQuarto && navigator.clipboard) document.querySelectorAll("pre").forEach(copyButton);
})();
