"use strict";
const rows = JSON.parse(document.getElementById("data").textContent);
const colours = ["#4e86c4", "#e09a3a", "#3fa37c", "#c8649b", "#8a74c9", "#d0643c", "#5fb3c9", "#a3a13c"];
const page = 12;
const byDataset = document.getElementById("by-dataset");
const byTask = document.getElementById("by-task");
const byText = document.getElementById("by-text");
const cards = document.getElementById("cards");
const more = document.getElementById("more");
let limit = page;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function fill(select, values) {
  for (const value of [...new Set(values)].sort()) select.append(new Option(value, value));
}

const letter = /[A-Za-z0-9]/;

// "CNS" is not marked in "CNSX".
function alone(text, start, end) {
  const split = (at) => letter.test(text[at - 1] || "") && letter.test(text[at] || "");
  return !split(start) && !split(end);
}

// Mentions are searched here for show only; the longest wins where two begin at one place.
function marked(text, marks, kinds) {
  const made = document.createDocumentFragment();
  const mentions = marks.filter(([, mention]) => mention).sort((a, b) => b[1].length - a[1].length);
  let plain = 0;
  let at = 0;
  while (mentions.length && at < text.length) {
    const hit = mentions.find(([, mention]) => text.startsWith(mention, at) && alone(text, at, at + mention.length));
    if (!hit) { at += 1; continue; }
    made.append(text.slice(plain, at));
    const mark = element("mark", "", hit[1]);
    mark.style.setProperty("--kind", colours[kinds.indexOf(hit[0]) % colours.length]);
    mark.title = hit[0];
    made.append(mark);
    at += hit[1].length;
    plain = at;
  }
  made.append(text.slice(plain));
  return made;
}

function card(row) {
  const made = element("article", "card");
  const head = element("header");
  head.append(element("b", "", row.dataset), element("span", "", row.task), element("span", "", row.language),
    element("span", "", row.template), element("span", "", row.style), element("span", "", row.license),
    element("span", "", row.id));
  made.append(head);
  const kinds = [...new Set(row.marks.map(([kind]) => kind))].sort();
  for (const message of row.messages) {
    const turn = element("div", "turn " + message.role);
    turn.append(message.role === "user" ? marked(message.content, row.marks, kinds) : message.content);
    made.append(turn);
  }
  if (kinds.length) {
    const key = element("div", "kinds");
    kinds.forEach((kind, i) => {
      const mark = element("mark", "", kind);
      mark.style.setProperty("--kind", colours[i % colours.length]);
      key.append(mark);
    });
    made.append(key);
  }
  return made;
}

function show() {
  const words = byText.value.toLowerCase();
  const found = rows.filter((row) => (!byDataset.value || row.dataset === byDataset.value)
    && (!byTask.value || row.task === byTask.value)
    && (!words || row.messages.some((message) => message.content.toLowerCase().includes(words))));
  cards.replaceChildren(...found.slice(0, limit).map(card));
  document.getElementById("shown").textContent = `${Math.min(limit, found.length)} of ${found.length} samples`;
  more.hidden = found.length <= limit;
}

fill(byDataset, rows.map((row) => row.dataset));
fill(byTask, rows.map((row) => row.task));
for (const control of [byDataset, byTask, byText]) control.addEventListener("input", () => { limit = page; show(); });
more.addEventListener("click", () => { limit += page; show(); });
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
for (const cell of document.querySelectorAll(".data td")) {
  if (/^[\d,. %]+$/.test(cell.textContent)) cell.classList.add("number");
}
for (const table of document.querySelectorAll(".data")) {
  const first = table.tBodies[0] && table.tBodies[0].rows[0];
  if (first) [...first.cells].forEach((cell, i) => table.tHead.rows[0].cells[i].classList.toggle("number", cell.classList.contains("number")));
}
show();
