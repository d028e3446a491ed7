// The page's only script: citations, the source panel, theme, keys, labels. Text from documents is
// untrusted and reaches the page through textContent only.
(() => {
  "use strict";
  const PHONE = window.matchMedia("(max-width: 900px)");
  const CHIP = "a[href^='#cite-']";
  const REF = /^[0-9a-f]{16}-p?[0-9]{1,4}$/;
  const KEY = /^[0-9a-f]{16}$/;
  let panel = null; // {root, server}
  let list = {phase: "empty", cited: [], others: []};
  let view = null;
  let opener = null; // how to find what opened the view again: nodes are replaced under us
  let asked = 0; // the latest request wins

  const el = (tag, cls, text, attributes = {}) => {
    const node = document.createElement(tag);
    if (cls) node.className = cls;
    if (text !== undefined && text !== null) node.textContent = text;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  const button = (cls, text, label, act) => {
    const node = el("button", cls, text, {type: "button", "aria-label": label, title: label});
    node.addEventListener("click", act);
    return node;
  };

  // ---- theme -------------------------------------------------------------------------------------
  const stored = () => { try { return localStorage.getItem("rag-theme"); } catch { return null; } };
  const wanted = () =>
    new URLSearchParams(location.search).get("__theme") || stored() ||
    (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const applyTheme = () => {
    const dark = wanted() === "dark";
    if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
    const control = document.getElementById("rag-theme");
    const words = dark ? "Light theme" : "Dark theme";
    if (control && control.getAttribute("aria-label") !== words) {
      control.textContent = dark ? "☀" : "☾";
      control.setAttribute("aria-label", words);
      control.title = words;
    }
  };
  const toggleTheme = () => {
    const next = document.body.classList.contains("dark") ? "light" : "dark";
    try { localStorage.setItem("rag-theme", next); } catch { /* private window: this page only */ }
    const url = new URL(location.href);
    url.searchParams.delete("__theme");
    history.replaceState(null, "", url);
    document.body.classList.toggle("dark", next === "dark");
    applyTheme();
  };

  // ---- source panel ------------------------------------------------------------------------------
  const HEADS = {
    searching: "Searching the documents…", reading: "Reading the closest passages…",
    failed: "No sources: the answer was not finished.", stopped: "The answer was stopped.",
    gone: "These sources are no longer kept. Ask again to see them.",
    abstained: "The closest passages. They do not answer the question.",
  };
  const card = (item, supporting) => {
    const node = button("rag-card" + (supporting ? "" : " rag-aside"), null, "", () => open(item.ref, item.ref));
    node.removeAttribute("title"); // its own text names it
    node.removeAttribute("aria-label");
    node.dataset.ref = item.ref;
    const head = el("span", "rag-card-head");
    if (item.number) head.append(el("span", "rag-number", String(item.number)));
    head.append(el("span", "rag-title", item.title, {dir: "auto"}));
    const facts = [item.document !== item.title ? item.document : "", item.date, item.match].filter(Boolean);
    node.append(head, el("span", "rag-quote", item.quote, {dir: "auto"}), el("span", "rag-facts", facts.join(" · ")));
    return node;
  };
  const cards = (items, supporting) => {
    const box = el("ul", "rag-cards");
    for (const item of items) box.append(el("li", ""));
    items.forEach((item, place) => box.children[place].append(card(item, supporting)));
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
      const keys = el("p", "rag-hint rag-keys");
      for (const [key, what] of [["/", "question"], ["[", "previous source"], ["]", "next source"], ["Esc", "close"]])
        keys.append(el("kbd", "", key), ` ${what}  `);
      body.append(keys);
    } else if (HEADS[list.phase]) {
      body.append(el("p", "rag-hint", HEADS[list.phase]));
    }
    if (list.phase === "searching") for (let i = 0; i < 3; i++) body.append(el("div", "rag-skeleton"));
    if (list.cited.length) body.append(cards(list.cited, true));
    if (list.others.length) {
      if (list.cited.length) {
        const more = el("details", "rag-more");
        const count = list.others.length;
        more.append(el("summary", "", `${count} more passage${count === 1 ? "" : "s"} found, not used`));
        more.append(cards(list.others, false));
        body.append(more);
      } else body.append(cards(list.others, list.phase === "reading"));
    }
    const count = list.cited.length;
    panel.root.replaceChildren(head(count ? `Sources (${count})` : "Sources",
      button("rag-icon rag-phone", "✕", "Close sources", close)), body);
  };
  const drawView = () => {
    const move = (ref, text, label) => {
      const node = button("rag-icon", text, label, () => ref && open(ref, opener));
      node.disabled = !ref;
      return node;
    };
    const back = button("rag-back", "‹ All sources", "All sources", toList);
    const bar = el("div", "rag-bar");
    bar.append(back, move(view.previous, "‹", "Previous source"), move(view.next, "›", "Next source"),
      button("rag-icon", "✕", "Close document", close));
    const title = el("div", "rag-doc-title");
    if (view.number) title.append(el("span", "rag-number", String(view.number)));
    title.append(el("h2", "rag-heading", view.title || "Source", {tabindex: "-1", dir: "auto"}));
    const nodes = [bar, title];
    if (view.state !== "gone") {
      const facts = [view.document !== view.title ? view.document : "", view.date, `characters ${view.start}–${view.end}`];
      nodes.push(el("div", "rag-facts", facts.filter(Boolean).join(" · ")));
    }
    if (view.state === "ok") nodes.push(text());
    else {
      const stale = view.state === "stale";
      nodes.push(el("p", "rag-alert", stale
        ? "This source was changed or removed since the answer. The words it rested on were:"
        : "This source is no longer kept. Ask the question again to see it.", {role: "alert"}));
      if (stale) nodes.push(el("blockquote", "rag-stored", view.quote, {dir: "auto"}));
    }
    panel.root.replaceChildren(...nodes);
    panel.root.querySelector(".rag-heading").focus({preventScroll: true});
    place();
  };
  const text = () => {
    const points = Array.from(view.text); // one entry per code point, as the offsets count
    const first = view.start - view.offset, last = view.end - view.offset;
    const box = el("div", "rag-doc", null, {tabindex: "0", role: "region", "aria-label": "Document text"});
    const page = el("div", "rag-page", null, {dir: "auto"});
    const after = view.length - view.offset - points.length;
    if (view.offset) box.append(el("p", "rag-cut", `${view.offset} characters before this are not shown`));
    page.append(points.slice(0, first).join(""), el("mark", "", points.slice(first, last).join("")),
      points.slice(last).join(""));
    box.append(page);
    if (after > 0) box.append(el("p", "rag-cut", `${after} characters after this are not shown`));
    return box;
  };
  const place = () => {
    const box = panel.root.querySelector(".rag-doc"), mark = box?.querySelector("mark");
    if (!mark) return;
    const at = mark.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    box.scrollTop = at - box.clientHeight / 3;
  };
  const draw = () => { if (panel) (view ? drawView : drawList)(); };
  const sheet = (on) => {
    document.body.classList.toggle("rag-open", on);
    const side = document.getElementById("rag-side");
    if (side) side.inert = PHONE.matches && !on;
  };
  const open = async (ref, from) => {
    if (!panel || !REF.test(ref)) return;
    const turn = ++asked;
    let answer;
    try { answer = await panel.server.get_source(ref); } catch { answer = {state: "gone"}; }
    if (turn !== asked) return;
    opener = from;
    view = {previous: null, next: null, ...answer};
    sheet(true);
    draw();
    mark(ref);
  };
  const openList = async (key) => {
    if (!panel || !KEY.test(key)) return;
    const turn = ++asked;
    let answer;
    try { answer = await panel.server.get_list(key); } catch { return; }
    if (turn !== asked) return;
    list = answer;
    opener = null;
    view = null;
    sheet(true);
    draw();
    panel.root.querySelector(".rag-heading").focus();
  };
  const toList = () => {
    view = null;
    draw();
    mark(null);
    (panel.root.querySelector(`[data-ref="${opener}"]`) || panel.root.querySelector(".rag-heading")).focus();
  };
  const close = () => {
    asked++;
    const ref = opener;
    view = null;
    opener = null;
    sheet(false);
    draw();
    mark(null);
    const chips = ref ? document.querySelectorAll(`a[href="#cite-${ref}"]`) : [];
    const target = panel.root.querySelector(`[data-ref="${ref}"]`);
    (chips[chips.length - 1] || (PHONE.matches ? null : target) || document.querySelector("#rag-question textarea"))?.focus();
  };
  const mark = (ref) => {
    for (const chip of document.querySelectorAll(CHIP))
      chip.classList.toggle("rag-current", ref !== null && chip.getAttribute("href") === `#cite-${ref}`);
  };
  const show = (value) => {
    if (!value || typeof value !== "object") return;
    const fresh = value.phase === "searching" || value.phase === "empty";
    list = value;
    if (fresh) { asked++; view = null; sheet(false); }
    if (!view) draw();
    const log = document.querySelector("#rag-chat [role=log]");
    log?.setAttribute("aria-busy", String(value.phase === "searching" || value.phase === "reading"));
  };
  const mount = ({element, props, watch, server}) => {
    panel = {root: element.querySelector(".rag-root") || element, server};
    panel.root.setAttribute("role", "complementary");
    panel.root.setAttribute("aria-label", "Sources");
    watch("value", () => show(props.value));
    sheet(false);
    show(props.value);
  };
  window.ragMount = () => { for (const one of (window.ragMounts ||= []).splice(0)) mount(one); };

  // ---- clicks and keys ---------------------------------------------------------------------------
  const follow = (event) => {
    const link = event.target.closest?.("#rag-chat a[href^='#']");
    if (!link) return false;
    event.preventDefault();
    event.stopPropagation();
    const href = link.getAttribute("href");
    if (href.startsWith("#cite-")) open(href.slice(6), href.slice(6));
    else if (href.startsWith("#sources-")) openList(href.slice(9));
    return true;
  };
  // Capture phase: gradio must not see the click first.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#rag-theme")) return toggleTheme();
    if (PHONE.matches && event.target === document.body && document.body.classList.contains("rag-open")) return close();
    if (follow(event)) return;
    const copy = event.target.closest?.("#rag-chat .message-buttons button, #rag-chat button[title*='opy']");
    if (copy) copyAnswer(event, copy);
  }, true);
  const copyAnswer = (event, control) => {
    const all = [...document.querySelectorAll("#rag-chat .message.bot")];
    const near = all.filter((m) => m.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
    if (!near) return;
    event.preventDefault();
    event.stopPropagation();
    const clone = near.cloneNode(true);
    const sources = [];
    for (const chip of clone.querySelectorAll(CHIP)) {
      const line = `[${chip.textContent}] ${chip.title}`;
      if (!sources.includes(line)) sources.push(line);
      chip.textContent = `[${chip.textContent}]`;
    }
    clone.querySelectorAll(".rag-foot, button").forEach((node) => node.remove());
    const words = clone.textContent.replace(/\u2060/g, "").replace(/[ \t]+/g, " ").trim();
    navigator.clipboard?.writeText([words, ...sources].join("\n")).catch(() => {});
    control.classList.add("rag-copied");
    setTimeout(() => control.classList.remove("rag-copied"), 1500);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches?.(CHIP)) return void follow(event);
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      if (view || document.body.classList.contains("rag-open")) { event.preventDefault(); close(); }
      return;
    }
    if (event.target.closest?.("input, textarea, select, [contenteditable=true]")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector("#rag-question textarea")?.focus();
    } else if (event.key === "[" || event.key === "]") {
      const first = list.cited[0] || list.others[0];
      const ref = view ? (event.key === "[" ? view.previous : view.next) : first?.ref;
      if (ref) { event.preventDefault(); open(ref, view ? opener : ref); }
    }
  });

  // ---- labels: the sanitiser strips aria-*, and gradio redraws -------------------------------------
  const name = (selector, attributes) => {
    for (const node of document.querySelectorAll(selector))
      for (const [key, value] of Object.entries(attributes))
        if (node.getAttribute(key) !== value) node.setAttribute(key, value);
  };
  const label = () => {
    for (const chip of document.querySelectorAll(`#rag-chat ${CHIP}`)) {
      const words = `Source ${chip.textContent}, ${chip.title}`;
      if (chip.getAttribute("aria-label") === words) continue;
      chip.setAttribute("role", "button");
      chip.setAttribute("aria-label", words);
    }
    // Holds the message's source, markup included.
    for (const node of document.querySelectorAll("#rag-chat [data-testid=bot][aria-label], #rag-chat [data-testid=user][aria-label]"))
      node.removeAttribute("aria-label");
    name("#rag-question .submit-button", {"aria-label": "Send"});
    name("#rag-question .stop-button", {"aria-label": "Stop"});
    applyTheme();
  };
  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; label(); });
  };
  const begin = () => {
    document.documentElement.lang = "en";
    applyTheme();
    new MutationObserver(soon).observe(document.body,
      {childList: true, subtree: true, attributes: true, attributeFilter: ["class"]});
    PHONE.addEventListener("change", () => sheet(document.body.classList.contains("rag-open")));
    window.ragMount();
  };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
