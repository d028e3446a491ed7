// ---- the source panel: a list of sources, or a document around one of them ---------------------------
let list = {phase: "empty", cited: [], others: []};
let view = null;
let found = {words: "", places: [], at: -1}; // the search in the open document
let opener = null; // how to find what opened the view again: nodes are replaced under us
let asked = 0; // the latest request wins

const HEADS = {
  waiting: "Waiting in line…", searching: "Searching the documents…", reading: "Reading the closest passages…",
  failed: "No sources: the answer was not finished.", stopped: "The answer was stopped.",
  gone: "These sources are no longer kept. Ask again to see them.",
  abstained: "They do not answer the question.",
};
const SILENT = "The program does not answer. See that it still runs, then try again.";
const CHANGED = "Changed or removed since the answer";
const HAPPENED = {
  removed: "This document was removed or left out since the answer. The words it rested on were:",
  changed: "This document was changed since the answer and no longer holds these words:",
  moved: "This document was changed since the answer. It still holds these words, but it is another text by now:",
};
// Words in pieces, those that tell what is in dispute marked.
const quoted = (node, pieces) => {
  node.append(...pieces.map(([words, on]) => (on ? el("mark", "", words) : visible(words))));
  return node;
};
const facts = (item, ...more) =>
  [item.document !== item.title ? item.document : "", item.date, item.place, ...more].filter(Boolean).join(" · ");
const card = (item, supporting) => {
  const node = button("rag-card" + (supporting ? "" : " rag-aside"), "", () => open(item.ref, item.ref), {text: " "});
  node.replaceChildren();
  node.dataset.ref = item.ref;
  const head = el("span", "rag-card-head");
  if (item.number) head.append(el("span", "rag-number", String(item.number)));
  head.append(el("span", "rag-title", item.title, {dir: "auto"}));
  node.append(head);
  if (item.says) node.append(el("span", "rag-says", `Says: ${item.says}`, {dir: "auto"}));
  node.append(quoted(el("span", "rag-quote", null, {dir: "auto"}), item.quote));
  if (item.stale) node.append(el("span", "rag-changed", CHANGED));
  node.append(el("span", "rag-facts", facts(item)));
  if (item.match) {
    const match = el("span", "rag-match");
    const bar = el("span", "rag-bar-of", null, {"aria-hidden": "true"});
    bar.style.setProperty("--share", `${item.share}%`);
    match.append(bar, el("span", "", [`${item.match}, ${item.share} %`, item.why].filter(Boolean).join(" · ")));
    node.append(match);
  } else if (item.why) node.append(el("span", "rag-match", item.why));
  return node;
};
const cards = (items, supporting) => {
  const box = el("ul", "rag-cards");
  for (const item of items) {
    const line = el("li", "");
    line.append(card(item, supporting));
    box.append(line);
  }
  return box;
};
const head = (title, ...controls) => {
  const node = el("div", "rag-head");
  node.append(el("h2", "rag-heading", title, {tabindex: "-1"}), ...controls);
  return node;
};
const drawList = () => {
  const body = el("div", "rag-body", null, {tabindex: "0", role: "region", "aria-label": "List of sources"});
  if (list.phase === "empty") {
    body.append(el("p", "rag-hint", "Sources appear here. Each number in an answer opens the document at the exact words."));
    const keys = el("dl", "rag-hint rag-keys");
    for (const [key, what] of [["/", "go to the question"], ["[", "previous source"], ["]", "next source"], ["Esc", "close the source"]]) {
      const term = el("dt", "");
      term.append(el("kbd", "", key));
      keys.append(term, el("dd", "", what));
    }
    body.append(keys);
  } else if (list.phase === "abstained" && !list.others.length) body.append(el("p", "rag-hint", "There are no passages to show."));
  else if (HEADS[list.phase]) body.append(el("p", "rag-hint", list.phase === "failed" && list.others.length ? "The answer was not finished. Found were:" : HEADS[list.phase]));
  if (list.phase === "searching" || list.phase === "waiting")
    for (let i = 0; i < 3; i++) body.append(el("div", "rag-skeleton"));
  if (list.cited.length) body.append(cards(list.cited, true));
  if (list.others.length && list.cited.length) {
    const more = el("details", "rag-more");
    more.append(el("summary", "", `${plural(list.others.length, "more passage")} found, not used`), cards(list.others, false));
    body.append(more);
  } else if (list.others.length) body.append(cards(list.others, list.phase === "reading"));
  const count = list.cited.length;
  roots["rag-panel"].replaceChildren(
    head(count ? `Sources (${count})` : list.phase === "abstained" && list.others.length ? "Closest passages" : "Sources", button("rag-icon rag-phone", "Close sources", close, {glyph: "close"})), body);
};
const drawView = () => {
  const move = (ref, glyph, label) => {
    const node = button("rag-icon", label, () => ref && open(ref, opener), {glyph});
    node.disabled = !ref;
    return node;
  };
  const bar = el("div", "rag-bar");
  bar.append(button("rag-back", "", toList, {glyph: "back", text: "Sources"}));
  if (view.of) bar.append(move(view.previous, "left", "Previous source"),
    el("span", "rag-count", `${view.at} of ${view.of}`), move(view.next, "right", "Next source"));
  bar.append(button("rag-icon", "Close document", close, {glyph: "close"}));
  const title = el("div", "rag-doc-title");
  if (view.number) title.append(el("span", "rag-number", String(view.number)));
  title.append(el("h2", "rag-heading", view.title || "Source", {tabindex: "-1", dir: "auto"}));
  const nodes = [bar, title];
  if (view.state !== "gone") {
    const range = view.end ? `characters ${view.start}–${view.end}` : plural(view.length ?? 0, "character");
    const line = el("div", "rag-facts", facts(view, range));
    if (view.happened !== "removed")
      line.append(" · ", el("a", "rag-original", "Save the file", {href: `/rag/source/${view.ref}/original`, download: ""}));
    nodes.push(line);
  }
  if (view.state === "ok") nodes.push(searchRow(), el("div", "rag-doc", null,
    {tabindex: "0", role: "region", "aria-label": "Document text"}));
  else {
    const stale = view.state === "stale";
    nodes.push(el("p", "rag-alert", stale
      ? HAPPENED[view.happened]
      : view.told || "This source is no longer kept. Ask the question again to see it.", {role: "alert"}));
    if (stale) nodes.push(el("blockquote", "rag-stored", view.quote, {dir: "auto"}));
    const now = view.now, from = opener;
    if (now) nodes.push(button("rag-quiet rag-now-open", "", () => open(now, from), {text: "Open the document as it is now"}));
  }
  roots["rag-panel"].replaceChildren(...nodes);
  roots["rag-panel"].querySelector(".rag-heading").focus({preventScroll: true});
  if (view.state === "ok") { drawText(); scrollTo(".rag-cited"); }
};

// ---- the text: offsets count code points, the strings of the browser do not --------------------------
const drawText = () => {
  const box = roots["rag-panel"].querySelector(".rag-doc");
  const points = Array.from(view.text), from = view.offset, to = from + points.length;
  const spans = view.end ? [[view.start, view.end, "rag-cited"]] : [];
  found.places.forEach(([start, end], at) => spans.push([start, end, at === found.at ? "rag-found rag-here" : "rag-found"]));
  const cuts = [...new Set([from, to, ...spans.flatMap(([start, end]) => [start, end])])]
    .filter((cut) => cut >= from && cut <= to).sort((one, other) => one - other);
  const page = el("div", "rag-doc-page", null, {dir: "auto"});
  for (let i = 0; i + 1 < cuts.length; i++) {
    const words = points.slice(cuts[i] - from, cuts[i + 1] - from).join("");
    const classes = spans.filter(([start, end]) => start <= cuts[i] && cuts[i + 1] <= end).map((span) => span[2]);
    page.append(classes.length ? el("mark", classes.join(" "), words) : visible(words));
  }
  const more = (start, count, where) => button("rag-load", "", () => load(start), {text: `Show more ${where} (${count} characters)`});
  box.replaceChildren(page);
  if (from > 0) box.prepend(more(Math.max(0, from - 20000), from, "above"));
  if (to < view.length) box.append(more(to, view.length - to, "below"));
};
const load = async (start) => {
  const ref = view.ref, box = roots["rag-panel"].querySelector(".rag-doc");
  const part = await ask(`source/${ref}/text?from=${start}`).catch(() => null);
  if (!part || view?.ref !== ref) return;
  const points = Array.from(part.text), end = view.offset + Array.from(view.text).length;
  const below = box.scrollHeight - box.scrollTop;
  if (start === end) view.text += part.text;
  else if (start < view.offset && start + points.length >= view.offset) {
    view.text = points.slice(0, view.offset - start).join("") + view.text;
    view.offset = start;
  } else [view.text, view.offset] = [part.text, part.offset];
  drawText();
  if (start < end && start === view.offset) box.scrollTop = box.scrollHeight - below;
};
const scrollTo = (selector) => {
  const box = roots["rag-panel"].querySelector(".rag-doc"), target = box?.querySelector(selector);
  if (!target) return;
  const at = target.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  box.scrollTop = at - box.clientHeight / 3;
};
const searchRow = () => {
  const row = el("div", "rag-find", null, {role: "search"});
  const input = el("input", "", null, {type: "search", placeholder: "Search in this document", "aria-label": "Search in this document", maxlength: "100"});
  const count = el("span", "rag-count", "", {role: "status"});
  let timer = 0;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => search(input.value, count), 200); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); hop(event.shiftKey ? -1 : 1, count); }
    if (event.key === "Escape" && input.value) { event.stopPropagation(); input.value = ""; search("", count); }
  });
  row.append(icon("search"), input, count, button("rag-icon", "Previous match", () => hop(-1, count), {glyph: "up-small"}),
    button("rag-icon", "Next match", () => hop(1, count), {glyph: "down-small"}));
  return row;
};
const search = async (words, count) => {
  const ref = view.ref;
  const places = words.trim() ? (await ask(`source/${ref}/find?q=${encodeURIComponent(words)}`).catch(() => ({found: []}))).found : [];
  if (view?.ref !== ref) return;
  found = {words, places, at: -1};
  if (places.length) return hop(1, count);
  count.textContent = words.trim() ? "none" : "";
  drawText();
};
const hop = async (by, count) => {
  const total = found.places.length;
  if (!total) return;
  found.at = (found.at + by + total) % total;
  count.textContent = `${found.at + 1} of ${total}`;
  const [start, end] = found.places[found.at];
  if (start < view.offset || end > view.offset + Array.from(view.text).length) await load(Math.max(0, start - 5000));
  drawText();
  scrollTo(".rag-here");
};

const draw = () => { if (roots["rag-panel"]) (view ? drawView : drawList)(); };
// On a phone the browser's own way back closes the sheet.
let pushed = false;
const sheet = (on) => {
  if (on && PHONE.matches && !pushed) { history.pushState(null, ""); pushed = true; }
  else if (!on && pushed) { pushed = false; history.back(); }
  document.body.classList.toggle("rag-open", on);
  const side = document.getElementById("rag-side");
  if (side) side.inert = PHONE.matches && !on;
};
const open = async (ref, from) => {
  if (!roots["rag-panel"] || !REF.test(ref)) return;
  const turn = ++asked;
  // Without a reply fetch throws a TypeError: then nothing is known about the source.
  const answer = await ask(`source/${ref}`).catch((error) => ({state: "gone", told: error instanceof TypeError && SILENT}));
  if (turn !== asked) return;
  opener = from;
  found = {words: "", places: [], at: -1};
  view = {previous: null, next: null, ...answer, ref};
  drawer(false);
  sheet(true);
  draw();
  mark(ref);
};
const openList = async (key) => {
  if (!roots["rag-panel"] || !KEY.test(key)) return;
  const turn = ++asked;
  const answer = await ask(`sources/${key}`).catch(() => null);
  if (turn !== asked || !answer) return;
  [list, opener, view] = [answer, null, null];
  sheet(true);
  draw();
  roots["rag-panel"].querySelector(".rag-heading").focus();
};
const toList = () => {
  view = null;
  draw();
  mark(null);
  (roots["rag-panel"].querySelector(`[data-ref="${opener}"]`) || roots["rag-panel"].querySelector(".rag-heading")).focus();
};
const close = () => {
  asked++;
  const ref = opener;
  [view, opener] = [null, null];
  sheet(false);
  draw();
  mark(null);
  const chips = ref ? document.querySelectorAll(`a[href="#cite-${ref}"]`) : [];
  const target = roots["rag-panel"].querySelector(`[data-ref="${ref}"]`) || document.querySelector(`#rag-left [data-ref="${ref}"]`);
  (chips[chips.length - 1] || (PHONE.matches ? null : target) || questionBox())?.focus();
};
const step = (way, event) => {
  const first = list.cited[0] || list.others[0];
  const ref = view ? view[way] : first?.ref;
  if (ref) { event.preventDefault(); open(ref, view ? opener : ref); }
};
// Which numbers of this conversation point into a document that is another one by now.
let outdated = new Set();
const loadOutdated = async () => {
  const {chat} = current;
  const told = chat ? await ask(`chats/${chat}/outdated`).catch(() => ({refs: []})) : {refs: []};
  if (chat !== current.chat) return;
  outdated = new Set(told.refs);
  label();
};
const sourcesChanged = async () => {
  loadOutdated();
  const key = (list.cited[0] || list.others[0])?.ref.split("-")[0];
  const fresh = key && await ask(`sources/${key}`).catch(() => null);
  if (!fresh || (list.cited[0] || list.others[0])?.ref.split("-")[0] !== key) return;
  list = {...list, ...fresh};
  if (!view) draw();
};
const mark = (ref) => {
  for (const chip of document.querySelectorAll(CHIP))
    chip.classList.toggle("rag-current", ref !== null && chip.getAttribute("href") === `#cite-${ref}`);
};
const showPanel = (value) => {
  if (!value || typeof value !== "object") return;
  const running = ["waiting", "searching", "reading"].includes(value.phase);
  const moved = value.chat !== undefined && value.chat !== current.chat;
  if (value.chat !== undefined) current = {chat: value.chat, votes: {...value.votes}};
  if (moved || value.phase === "empty" || !running) { chatChanged(moved); loadOutdated(); }
  if (moved || value.phase === "waiting") follow(true);
  else if (!running) follow(false);
  if (value.join) act({do: "join"});
  list = value;
  if (moved || value.phase === "waiting" || value.phase === "empty") { asked++; view = null; sheet(false); }
  if (!view) draw();
  document.querySelector("#rag-chat [role=log]")?.setAttribute("aria-busy", String(running));
};
