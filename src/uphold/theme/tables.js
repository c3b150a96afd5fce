/* Long tables can be sorted and filtered, and what scrolls by itself can be scrolled by keys. A page
   is whole without this file, which makes every control that it needs and asks nothing of a server. */

(() => {
  "use strict";

  // rows that the eye puts in order without help, and those among which it finds one
  const LONG = 8;
  const MANY = 12;

  /* --- values: what a cell is sorted by --- */

  const plain = (text) => text.replace(/\s+/g, " ").replace(/\u2212/g, "-").trim();

  const NUMBER =
    /^([<>≤≥≈~±]?) ?([+-]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?)(.*)$/i;

  // A number with what may follow it: a spread, an interval in brackets, a range, a unit.
  const TAIL = /^(?:$| ?%| ?±| ?\(| ?[–—] ?\d| to | of | [a-zµ]+$)/i;

  const BOUND = { "<": -1, "≤": 0, ">": 1, "≥": 0 }; // "< .001" comes before ".001"

  const number = (text) => {
    const [, sign, digits, rest] = text.match(NUMBER);
    const power = rest.match(/^ ?[×·] ?10(-?\d+)/);
    const tail = power ? rest.slice(power[0].length) : rest;
    if (!/\d/.test(digits) || !TAIL.test(tail)) return null;
    const value = Number(digits.replace(/,/g, "")) * (power ? 10 ** Number(power[1]) : 1);
    // the unit is what the numbers and words of a range leave over
    const unit = tail.replace(/\(.*\)/, "").replace(/(?:\b(?:to|of)\b|[^a-zµ%])+/gi, "");
    return { value, bound: BOUND[sign] ?? 0, unit };
  };

  const missing = (text) => /^[-–—]?$/.test(text);

  const collator = new Intl.Collator(document.documentElement.lang || "en", { numeric: true });

  /* Return how two rows compare by one column. It is one of numbers where each cell holds one, all
     in the same unit; a cell without a value comes last, whichever way the others go. */
  const comparison = (rows, column) => {
    const texts = new Map(rows.map((row) => [row, plain(row.cells[column].textContent)]));
    const said = [...texts.values()].filter((text) => !missing(text));
    const numbers = said.map(number);
    const units = new Set(numbers.map((each) => each && each.unit));
    const numeric = numbers.every(Boolean) && units.size <= 1;
    const compare = (a, b) => {
      if (!numeric) return collator.compare(a, b);
      const [left, right] = [number(a), number(b)];
      return left.value - right.value || left.bound - right.bound;
    };
    return (direction) => (one, other) => {
      const [a, b] = [texts.get(one), texts.get(other)];
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      return direction * compare(a, b);
    };
  };

  /* Say that rows stand elsewhere or are hidden, to what belongs to one of them. */
  const moved = (table) => table.dispatchEvent(new Event("rows"));

  /* --- sorting: up, down, and back to the order of the page --- */

  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  const DIRECTION = { ascending: 1, descending: -1 };

  const sortable = (table, body, rows) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      const compare = comparison(rows, column);
      button.addEventListener("click", () => {
        const state = NEXT[head.getAttribute("aria-sort") ?? "none"];
        for (const each of heads) each.removeAttribute("aria-sort");
        if (state !== "none") head.setAttribute("aria-sort", state);
        body.append(...(state === "none" ? rows : rows.toSorted(compare(DIRECTION[state]))));
        moved(table);
      });
    });
  };

  /* --- filtering: rows that hold every word --- */

  const filterable = (table, rows) => {
    const tools = document.createElement("div");
    tools.className = "table-tools";
    const label = document.createElement("label");
    const field = document.createElement("input");
    field.type = "search";
    label.append("Filter rows ", field);
    const count = document.createElement("output");
    count.textContent = `${rows.length} rows`;
    tools.append(label, count);
    const texts = rows.map((row) => plain(row.textContent).toLowerCase());
    const filter = () => {
      const words = plain(field.value).toLowerCase().split(" ");
      let shown = 0;
      rows.forEach((row, number) => {
        row.hidden = !words.every((word) => texts[number].includes(word));
        shown += !row.hidden;
      });
      const all = shown === rows.length;
      count.textContent = all ? `${shown} rows` : `${shown} of ${rows.length} rows`;
      moved(table);
    };
    field.addEventListener("input", filter);
    table.addEventListener("ledto", (event) => { // by page.js: what a link leads to is shown
      if (!event.target.closest("tr[hidden]")) return;
      field.value = "";
      filter();
    });
    (table.closest(".table-box") ?? table).before(tools);
  };

  /* A table of one head row and like rows: groups and spans say something by where they stand. */
  const even = (table) =>
    table.tHead?.rows.length === 1 &&
    table.tBodies.length === 1 &&
    !table.querySelector("[colspan]:not([colspan='1']), [rowspan]:not([rowspan='1']), table") &&
    !table.tHead.querySelector("a, button") &&
    [...table.tBodies[0].rows].every((row) => row.cells.length === table.tHead.rows[0].cells.length);

  for (const table of document.querySelectorAll("main table")) {
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    if (rows.length <= LONG || !even(table)) continue;
    sortable(table, table.tBodies[0], rows);
    if (rows.length > MANY) filterable(table, rows);
  }

  /* --- a table that is too wide breaks its intervals; what is wider yet is scrolled by keys --- */

  // an interval goes to the next line whole
  const whole = (text) => text.replace(/\([^)]*\)/g, (part) => part.replace(/\s+/g, "\u00a0"));

  for (const box of document.querySelectorAll(".table-box")) {
    if (box.scrollWidth <= box.clientWidth) continue;
    box.classList.add("tight");
    for (const cell of box.querySelectorAll("td.value")) {
      for (const part of cell.childNodes) {
        if (part.nodeType === Node.TEXT_NODE) part.data = whole(part.data);
      }
    }
  }

  const reach = (entries) => {
    for (const { target } of entries) {
      const wide = target.scrollWidth > target.clientWidth;
      if (wide) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  };
  const sizes = new ResizeObserver(reach);
  for (const box of document.querySelectorAll(".table-box, figure, main pre, main p:has(> math)")) {
    sizes.observe(box);
  }
})();
