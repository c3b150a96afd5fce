/* Pictures of claims: the runs behind a mark, the picture on a phone, and which verdicts would
   change with other margins or without a seed. All of it was computed with the page, by the rules that judged its claims, and
   stands in the picture: nothing is decided here. A page is whole without this file. */

(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const draw = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  const leadsTo = (link) =>
    (link.getAttribute("href") ?? link.getAttribute("xlink:href") ?? "").replace(/^#claim-/, "");

  /* --- the runs behind a mark --- */

  const WIDE = 300, ROW = 22, EDGE = 8;

  const valueOf = (text) => Number(text.replace("\u2212", "-"));

  /* A row an arm, a dot a unit; where all arms have a unit, a line joins its dots. */
  const strip = (claim) => {
    const rows = claim.scores.map((arm) => arm.map(valueOf));
    const known = rows.flat().filter(Number.isFinite);
    const low = Math.min(...known), high = Math.max(...known);
    const across = (value) =>
      high > low ? EDGE + ((value - low) / (high - low)) * (WIDE - 2 * EDGE) : WIDE / 2;
    const down = (row) => ROW * (row + 0.5);
    const height = ROW * rows.length;
    const picture = draw("svg", { viewBox: `0 0 ${WIDE} ${height}`, width: WIDE, height });
    picture.setAttribute("aria-hidden", "true");
    claim.units.forEach((_, unit) => {
      const points = rows.map((row, k) => [across(row[unit]), down(k)]);
      if (points.length < 2 || points.flat().some(Number.isNaN)) return;
      picture.append(draw("polyline", { points: points.join(" ") }));
    });
    rows.forEach((row, k) => {
      for (const value of row.filter(Number.isFinite)) {
        picture.append(draw("circle", { cx: across(value), cy: down(k), r: 3.5 }));
      }
    });
    return picture;
  };

  const extent = (texts) => {
    const known = texts.filter((text) => Number.isFinite(valueOf(text)));
    known.sort((a, b) => valueOf(a) - valueOf(b));
    return known.length ? `${known[0]} to ${known.at(-1)}` : "no score";
  };

  const card = (claim) => {
    const parts = [make("strong", {}, claim.says), make("span", {}, claim.found)];
    if (claim.scores) {
      const names = make("span", { class: "arms" });
      for (const [k, arm] of claim.arms.entries()) {
        names.append(make("span", {}, `${arm || claim.metric}: ${extent(claim.scores[k])}`));
      }
      parts.push(make("span", { class: "runs" }, names, strip(claim)));
      const lines = claim.arms.length > 1 ? ", lines join the same one" : "";
      parts.push(make("small", {}, `${claim.metric}: a dot a ${claim.unit}${lines}.`));
    }
    return parts;
  };

  const pointable = (picture, claims) => {
    const id = `${picture.closest("[id^='fig-']")?.id ?? "claims"}-runs`;
    const tip = make("div", { class: "runs-of", role: "tooltip", id });
    tip.hidden = true;
    document.querySelector("main").append(tip);
    let shown = null;
    const hide = () => {
      shown = null;
      tip.hidden = true;
    };
    const place = () => {
      const mark = shown.getBoundingClientRect();
      const fits = mark.bottom + tip.offsetHeight + 12 < innerHeight || mark.top < tip.offsetHeight;
      tip.style.top = `${fits ? mark.bottom + 6 : mark.top - tip.offsetHeight - 6}px`;
      const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
      tip.style.left = `${Math.max(8, Math.min(room, mark.left - 40))}px`;
    };
    const show = (link) => {
      tip.replaceChildren(...card(claims[leadsTo(link)]));
      tip.hidden = false;
      shown = link;
      place();
    };
    for (const link of picture.querySelectorAll("a")) {
      if (!claims[leadsTo(link)]) continue;
      link.setAttribute("aria-describedby", id);
      link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(link));
      link.addEventListener("pointerleave", hide);
      link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
      link.addEventListener("blur", hide);
    }
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    // the keyboard brings a mark into sight as it reaches it
    addEventListener("scroll", () => { if (shown) place(); }, { passive: true });
  };

  /* --- on a phone: a claim below the other, its words as text, its mark cut out of the picture --- */

  const SLICE = 16, TICKS = 44;

  /* Return a part of a picture: the same drawing again, through a window on it. */
  const cut = (drawing, x, y, width, height) => {
    const picture = draw("svg", { viewBox: `${x} ${y} ${width} ${height}` });
    picture.append(draw("use", { href: `#${drawing.id}` }));
    const box = make("span", { class: "cut", "aria-hidden": "true" }, picture);
    box.inert = true; // the marks in it are no links a second time
    return box;
  };

  const stackable = (picture, data) => {
    const drawing = picture.querySelector('[id$="axes_1"]');
    const band = picture.querySelector('[id$="band"]')?.getBBox();
    if (!drawing || !band?.width) return;
    const half = (data.reach * band.width) / 2;
    const left = band.x + band.width / 2 - half;
    const stack = make("div", { class: "stacked-claims" });
    const rows = new Map();
    for (const link of drawing.querySelectorAll("a")) {
      const { y, height } = link.getBBox(); // of a claim's words, then of its mark
      rows.set(leadsTo(link), y + height / 2);
    }
    let question = "";
    for (const [key, y] of rows) {
      const claim = data.claims[key];
      if (!claim) continue;
      if (claim.question && claim.question !== question) {
        stack.append(make("p", { class: "question" }, claim.question));
      }
      question = claim.question;
      stack.append(
        make(
          "a",
          { href: `#claim-${key}` },
          make("span", { class: "says" }, claim.says),
          cut(drawing, left - 4, y - SLICE / 2, 2 * half + 8, SLICE),
          make("span", {}, claim.found),
        ),
      );
    }
    stack.append(cut(drawing, left - 8, band.y + band.height, 2 * half + 16, TICKS));
    picture.after(stack);
    picture.closest("figure")?.classList.add("stacks");
  };

  /* --- what if --- */

  const WORDS = { 0.5: "half as large", 1: "as declared", 2: "twice as large" };
  const times = (factor) => WORDS[factor] ?? `${factor} times as large`;

  const choice = (name, before, options, after = "") => {
    const select = make("select", { "aria-label": name });
    select.append(...options);
    return [make("span", {}, `${before} `, select, after), select];
  };

  const option = (text, value) => make("option", { value }, text);

  const collator = new Intl.Collator(document.documentElement.lang || "en", { numeric: true });

  const units = (parts) => {
    let number = 0;
    const groups = parts.map((part) => {
      const options = part.units.map((unit) => option(`${part.unit} ${unit}`, (number += 1)));
      options.sort((a, b) => collator.compare(a.textContent, b.textContent));
      if (!part.title) return options;
      const group = make("optgroup", { label: part.title });
      group.append(...options);
      return group;
    });
    return [option("nothing", 0), ...groups.flat()];
  };

  const changes = (data, margin, unit) => {
    const declared = data.times.indexOf(1);
    const found = [];
    let untried = 0;
    for (const [key, texts] of Object.entries(data.verdicts)) {
      const before = texts[declared][0], after = texts[margin][unit];
      if (after === "?") untried += 1;
      else if (after !== before) found.push([key, before, after]);
    }
    return { found, untried, of: Object.keys(data.verdicts).length };
  };

  const several = (many, noun) => `${many} ${noun}${many === 1 ? "" : "s"}`;

  const said = ({ found, untried, of }) => {
    const some = found.length ? several(found.length, "verdict") : "No verdict";
    const without = untried
      ? ` For ${several(untried, "claim")} leaving one out was not tried: they rest on too few.`
      : "";
    return `What if: ${some} of ${of} would change.${without}`;
  };

  const widened = (picture, factor, reach) => {
    const band = picture.querySelector('[id$="band"]');
    if (!band) return;
    const { x, width } = band.getBBox();
    const middle = x + width / 2;
    const by = Math.min(factor, reach);
    band.setAttribute("transform", `translate(${middle} 0) scale(${by} 1) translate(${-middle} 0)`);
  };

  const askable = (picture, data) => {
    const declared = data.times.indexOf(1);
    const [margins, margin] = choice(
      "The smallest difference that matters",
      "the smallest difference that matters were",
      data.times.map((factor, k) => option(times(factor), k)),
    );
    margin.value = declared;
    const [left, unit] = choice("Left out", "with", units(data.parts), " left out");
    const reset = make("button", { type: "button" }, "Reset");
    const answer = make("output");
    const list = make("ul");
    const note = make(
      "small",
      {},
      `Declared: ${data.margins.join("; ")}. Judged by the same rules, all claims together. ` +
        "A limit that a claim itself names, such as “at least 0.02”, stays.",
    );
    const ask = () => {
      const result = changes(data, Number(margin.value), Number(unit.value));
      const asIs = Number(margin.value) === declared && Number(unit.value) === 0;
      reset.hidden = asIs;
      answer.textContent = asIs ? "No change: as the page says." : said(result);
      list.replaceChildren(
        ...result.found.map(([key, before, after]) => {
          const link = make("a", { href: `#claim-${key}` }, data.says[key]);
          return make("li", {}, link, `: ${data.words[before]} → ${data.words[after]}`);
        }),
      );
      const moved = new Set(result.found.map(([key]) => key));
      picture.parentNode.classList.toggle("asked", !asIs);
      for (const link of picture.parentNode.querySelectorAll("a")) {
        link.classList.toggle("would-change", moved.has(leadsTo(link)));
      }
      widened(picture, data.times[Number(margin.value)], data.reach);
    };
    margin.addEventListener("change", ask);
    unit.addEventListener("change", ask);
    reset.addEventListener("click", () => {
      margin.value = declared;
      unit.value = 0;
      ask();
      margin.focus(); // the button is gone
    });
    const title = make("strong", {}, "What if … ");
    const questions = make("div", { class: "questions" }, title, margins);
    if (data.parts.length) questions.append(left);
    questions.append(reset);
    const panel = make("section", { class: "what-if", "aria-label": "What if" });
    panel.append(questions, answer, list, note);
    (picture.closest("figure") ?? picture).after(panel);
    ask();
  };

  for (const carried of document.querySelectorAll("svg > metadata.data")) {
    const picture = carried.ownerSVGElement;
    const data = JSON.parse(carried.textContent);
    pointable(picture, data.claims);
    stackable(picture, data);
    if (data.verdicts) askable(picture, data);
  }
})();
