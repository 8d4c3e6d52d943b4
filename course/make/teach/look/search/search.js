// Looks through RECORDS (records.js) with MiniSearch, and lists what it finds: the kind, the place, the words around.
"use strict";
const SAME = {  // words that ask for the same thing, by their stems
  paid: "pay", wage: "pay", salari: "pay", earn: "pay", worker: "work", labour: "work", labor: "work", kenyan: "kenya", electr: "electricity",
  kid: "child", children: "child", co2: "carbon", co2e: "carbon", ghg: "carbon", emiss: "carbon", share: "per cent", congoles: "congo", drc: "congo",
  datacent: "centr", center: "centr", centre: "centr", moder: "moderat", femal: "women", woman: "women", indian: "india", irish: "ireland",
};
const WEIGHT = {claim: 1.3, row: 1.2, exercise: 1, section: 1.1, table: 0.9, guide: 0.4, source: 0.4};
const QUIET = new Set([...stopwords, "much", "many", "really", "tell", "say", "says"]);
const EACH = 3;  // found on one page, before the rest of that page waits behind one line
const MOST = 25;

const stemmer = new Stemmer();
function stem(term) {
  const low = term.toLowerCase();
  if (QUIET.has(low) || low.length < 2) return null;
  const found = stemmer.stemWord(low);
  return SAME[found] ?? SAME[low] ?? found;
}

const index = new MiniSearch({
  fields: ["title", "text", "page"], storeFields: ["kind", "title", "page", "at", "text"],
  processTerm: stem,
  searchOptions: {boost: {title: 2, page: 0.6}, prefix: term => term.length > 4, fuzzy: term => term.length > 5 ? 0.15 : 0},
});
index.addAll(RECORDS.map((record, id) => ({id, ...record})));

function look(asked) {
  const wanted = new Set(asked.split(/[^\p{L}\p{N}-]+/u).map(stem).filter(Boolean)).size;
  const found = index.search(asked).filter(hit => hit.queryTerms.length >= 0.6 * wanted)
    .map(hit => ({...hit, score: hit.score * WEIGHT[hit.kind] * (hit.queryTerms.length / wanted) ** 3}));
  return found.sort((a, b) => (a.kind === "source") - (b.kind === "source") || b.score - a.score);
}

function pieces(text, terms, most) {
  // the part of a text with most of the terms, as [piece, is it one of them]
  const parts = text.split(/([\p{L}\p{N}]+)/u);
  const hit = parts.map(part => terms.has(stem(part)));
  let at = 0, before = 0, best = -1;
  for (let start = 0, where = 0; start < parts.length; where += parts[start++].length) {
    let count = new Set(), length = 0;
    for (let end = start; end < parts.length && length < most; length += parts[end++].length) if (hit[end]) count.add(stem(parts[end]));
    if (count.size > best) [best, at, before] = [count.size, start, where];
  }
  if (before < 60) at = 0;
  const shown = [];
  let length = 0;
  for (let place = at; place < parts.length && length < most; length += parts[place++].length) shown.push([parts[place], hit[place]]);
  return [at ? [["… ", false]] : [], shown, length < most ? [] : [[" …", false]]].flat();
}

function put(tag, parent, text = "", name = "") {
  const made = parent.appendChild(document.createElement(tag));
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

function put_marked(parent, text, terms, most) {
  for (const [piece, is_hit] of pieces(text, terms, most)) put(is_hit ? "mark" : "span", parent, piece);
}

function show(asked) {
  const place = document.getElementById("search-results"), told = document.getElementById("search-told"), said = window.SEARCH_WORDS;
  place.replaceChildren();
  told.textContent = "";
  if (!asked.trim()) return;
  const found = look(asked), pages = new Map();
  const terms = new Set(found.flatMap(hit => hit.terms));
  told.textContent = found.length ? said.found.replace("{count}", found.length) : said.none;
  const list = put("ul", place);
  for (const hit of found.slice(0, 400)) {
    const page = hit.at.split("#")[0], before = pages.get(page) ?? 0;
    pages.set(page, before + 1);
    if (before >= EACH || list.children.length >= MOST) continue;
    const item = put("li", list, "", `found-${hit.kind}`);
    put("span", item, said[hit.kind], "kind");
    const link = put("a", item);
    link.href = hit.at;
    put_marked(link, hit.title || hit.page, terms, 200);
    if (hit.title && hit.page) put("span", item, hit.page, "where");
    if (hit.text) put_marked(put("p", item), hit.text, terms, 320);
    item.dataset.page = page;
  }
  for (const [page, count] of pages) {
    const shown = [...list.children].filter(item => item.dataset.page === page);
    if (count > shown.length && shown.length === EACH) {
      const more = put("a", shown.at(-1), said.more.replace("{count}", count - shown.length), "more");
      more.href = page;
    }
  }
}

const field = document.querySelector(".bd-search-container input[name=q]");
field.value = new URLSearchParams(location.search).get("q") ?? "";
field.addEventListener("input", () => show(field.value));
show(field.value);
field.focus();
