/* The line of a claim unfolds what the runs say of it. That stands in a table of its own further
   down, which is what there is on paper and without this file. */

(() => {
  "use strict";

  const PREFIX = "claim-";

  /* Return a row of the whole width for what a cell says. */
  const below = (line, cell) => {
    const row = document.createElement("tr");
    row.className = "unfolded";
    const wide = row.insertCell();
    wide.colSpan = line.cells.length;
    const text = document.createElement("div"); // stays in sight where the table scrolls
    text.append(...cell.cloneNode(true).childNodes);
    wide.append(text);
    return row;
  };

  const unfoldable = (name, says) => {
    const line = name.closest("tr");
    const cell = name.closest("td");
    const row = below(line, says.closest("tr").cells[1]);
    row.id = `unfolded-${name.id}`;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "unfold";
    button.setAttribute("aria-label", `What the runs say: ${name.textContent}`);
    button.setAttribute("aria-controls", row.id);

    const unfold = (open) => {
      button.setAttribute("aria-expanded", open);
      if (open) line.after(row);
      else row.remove();
    };
    unfold(false);
    cell.prepend(button);
    cell.addEventListener("click", (event) => {
      // words may be marked to be copied
      if (event.target !== button && !getSelection().isCollapsed) return;
      unfold(!row.isConnected);
    });
    name.addEventListener("ledto", () => unfold(true)); // by page.js
    line.closest("table").addEventListener("rows", () => { // by tables.js
      row.hidden = line.hidden;
      if (row.isConnected) line.after(row);
    });
  };

  for (const name of document.querySelectorAll(`main td [id^="${PREFIX}"]`)) {
    const says = document.getElementById(`says-${name.id.slice(PREFIX.length)}`);
    if (says) unfoldable(name, says);
  }

  /* On a phone each line is a block of its own: its shorter cells say what they are. */
  const stack = (table) => {
    const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
    for (const row of table.tBodies[0].rows) {
      if (row.cells.length !== heads.length) continue; // the title of a group
      for (const [k, cell] of [...row.cells].entries()) {
        if (k > 2) cell.dataset.label = `${heads[k]}:`;
      }
    }
    table.classList.add("stacked");
  };

  const named = document.querySelectorAll(`main td [id^="${PREFIX}"]`);
  for (const table of new Set([...named].map((name) => name.closest("table")))) stack(table);
})();
