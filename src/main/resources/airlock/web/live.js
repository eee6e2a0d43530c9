// Follows a run: text comes as server-sent events and is put into the page as text, never as markup.
"use strict";
(() => {
  const root = document.querySelector("[data-events]");
  if (!root) return;
  const live = document.getElementById("live");
  const template = document.getElementById("step");
  const source = new EventSource(root.dataset.events);
  const say = (text) => { live.textContent = text; };

  const setMark = (mark, key, word) => {
    if (mark.className === "mark " + key) return;
    mark.className = "mark " + key;
    mark.querySelector("use").setAttribute("href", "#i-" + key);
    mark.querySelector(".word").textContent = word;
  };

  const setPart = (part) => {
    const box = document.querySelector('[data-part="' + CSS.escape(part.id) + '"]');
    setMark(box.querySelector(".mark"), part.mark, part.word);
    if (box.classList.contains("phase")) box.className = "phase " + part.mark;
    const took = box.querySelector(".took");
    took.textContent = part.took;
    if (part.since < 0) delete took.dataset.since;
    else took.dataset.since = part.since;
    box.querySelector(".reason").textContent = part.reason;
  };

  const step = (id) => {
    let box = document.getElementById(id);
    if (!box) {
      const [, phase, number] = id.match(/^(.*)-\d+-(\d+|notes)$/);
      const notes = number === "notes";
      box = template.content.firstElementChild.cloneNode(true);
      box.id = id;
      box.querySelector(".title").textContent = notes ? "Airlock's notes" : "step " + (Number(number) + 1);
      if (notes) {
        box.open = false;
        box.querySelector(".mark").remove();
      }
      const steps = document.querySelector('[data-part="phase-' + CSS.escape(phase) + '"] .steps');
      steps.insertBefore(box, notes ? steps.firstChild : null);
    }
    return box;
  };

  const setStep = (state) => {
    const box = step(state.id);
    const mark = box.querySelector(".mark");
    const begins = mark.classList.contains("queued") && state.mark === "running";
    const ended = mark.classList.contains("running") && state.mark === "passed";
    setMark(mark, state.mark, state.word);
    box.querySelector(".title").textContent = state.title;
    box.querySelector(".detail").textContent = state.detail;
    if (begins || ended) box.open = begins;
  };

  // Of a step's output the page keeps the last megabyte, in lines that a browser can lay out.
  const MOST = 1 << 20;
  const LONGEST = 4000;
  const sizes = new WeakMap();
  const columns = new WeakMap();

  const shorten = (log, more) => {
    let size = (sizes.get(log) ?? log.textContent.length) + more;
    while (size > MOST && log.childElementCount > 1) {
      size -= log.firstElementChild.textContent.length;
      log.firstElementChild.remove();
      log.dataset.cut = "";
    }
    sizes.set(log, size);
  };

  const isOpen = (line, name) =>
    line && line.className === name && !line.lastChild?.textContent.endsWith("\n");

  const lineOf = (log, name, at, longest) => {
    let line = log.lastElementChild;
    if (!isOpen(line, name) || (columns.get(line) ?? 0) >= longest) {
      line = document.createElement("span");
      line.className = name;
      line.dataset.t = at;
      log.append(line);
    }
    return line;
  };

  const add = (line, style, text) => {
    const piece = document.createElement("span");
    piece.className = style;
    piece.textContent = text;
    line.append(piece);
    columns.set(line, (columns.get(line) ?? line.textContent.length - text.length) + text.length);
  };

  // A line goes on in the next piece of the same stream, as the server's own pages have it.
  const append = (log, name, at, style, text) => {
    text.split("\n").forEach((part, i, parts) => {
      for (let from = 0; from < part.length; from += LONGEST) {
        add(lineOf(log, name, at, LONGEST), style, part.slice(from, from + LONGEST));
      }
      if (i < parts.length - 1) lineOf(log, name, at, Infinity).append("\n");
    });
    shorten(log, text.length);
  };

  const atEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 60;

  source.addEventListener("open", () => say("Live"));
  source.addEventListener("error", () => say("The connection is lost; trying again…"));
  source.addEventListener("state", (event) => {
    const state = JSON.parse(event.data);
    const follow = atEnd();
    setPart(state.run);
    state.phases.forEach(setPart);
    state.steps.forEach(setStep);
    if (follow) scrollTo(0, document.documentElement.scrollHeight);
  });
  source.addEventListener("log", (event) => {
    const piece = JSON.parse(event.data);
    const follow = atEnd() && scrollY > 0;
    const log = step(piece.step).querySelector(".log");
    const name = piece.stderr ? "l e" : piece.trace ? "l t" : "l";
    for (let i = 0; i < piece.text.length; i += 2) {
      append(log, name, piece.at, piece.text[i], piece.text[i + 1]);
    }
    if (follow) scrollTo(0, document.documentElement.scrollHeight);
  });
  source.addEventListener("end", (event) => {
    source.close();
    const word = JSON.parse(event.data).word;
    say("Ended: " + word);
    document.title = document.title.replace(/^[^:]*/, word);
  });

  const two = (n) => String(n).padStart(2, "0");
  setInterval(() => {
    document.querySelectorAll("[data-since]").forEach((took) => {
      const s = (took.dataset.since = Number(took.dataset.since) + 1);
      took.textContent = s < 60 ? s + " s"
        : s < 3600 ? Math.floor(s / 60) + " min " + two(s % 60) + " s"
        : Math.floor(s / 3600) + " h " + two(Math.floor(s / 60) % 60) + " min";
    });
  }, 1000);
})();
