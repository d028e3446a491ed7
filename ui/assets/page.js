// The page's only script, in parts that share one scope: this one (what all need: building nodes, asking
// the server, theme, keys, labels), then sources, peek, follow, rail, documents and answers. Text from documents
// is untrusted and reaches the page through textContent only.
const PHONE = window.matchMedia("(max-width: 900px)");
const CHIP = "a[href^='#cite-']";
const REF = /^(?:[0-9a-f]{16}-p?[0-9]{1,4}|d-[0-9a-f]{16})$/;
const KEY = /^[0-9a-f]{16}$/;
const roots = {}; // the places of the page that are ours, by name
let trigger = () => {};
let current = {chat: "", votes: {}}; // the conversation shown

// Text without characters that show nothing or turn what follows around: the list of index/unseen.py.
const UNSEEN = new RegExp("[\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u061c\\u200b\\u200e\\u200f" +
  "\\u202a-\\u202e\\u2060-\\u206f\\ufeff]|[\\ud800-\\udfff]|(?<![^\\u0000-\\u007f])[\\u200c\\u200d]|[\\ufe00-\\ufe0f](?=[\\ufe00-\\ufe0f])" +
  "|[\\u{e0100}-\\u{e01ef}]|(?<![\\u{1f3f4}\\u{e0000}-\\u{e007f}])[\\u{e0000}-\\u{e007f}]+", "gu");
const visible = (text) => String(text).replace(UNSEEN, "");
const el = (tag, cls, text, attributes = {}) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined && text !== null) node.textContent = visible(text);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};
const icon = (name) => el("span", `rag-i rag-i-${name}`, null, {"aria-hidden": "true"});
const button = (cls, label, act, {glyph, text} = {}) => {
  const node = el("button", cls, null, {type: "button"});
  if (glyph) node.append(icon(glyph));
  if (text) node.append(el("span", "", text));
  else Object.entries({"aria-label": label, title: label}).forEach((pair) => node.setAttribute(...pair));
  node.addEventListener("click", act);
  return node;
};
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

const ask = async (path, method = "GET", body = null) => {
  const options = {method, credentials: "same-origin"};
  if (body) Object.assign(options, {body: JSON.stringify(body), headers: {"Content-Type": "application/json"}});
  const reply = await fetch(`/rag/${path}`, options);
  if (reply.status === 401) location.reload(); // the session is over
  const data = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(data.error || "the program does not answer");
  return data;
};
// What leads to an answer, and what does not: see ui/app.py.
const act = (action) => trigger(["ask", "retry", "plain", "join"].includes(action.do) ? "submit" : "select", action);
const questionBox = () => document.querySelector("#rag-question textarea");

let toastTimer = 0;
const toast = (words) => {
  let node = document.getElementById("rag-toast");
  if (!node) document.body.append(node = el("div", "", null, {id: "rag-toast", role: "status"}));
  node.textContent = words;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.textContent = ""; }, 4000);
};
const copy = (words, told) =>
  navigator.clipboard?.writeText(words).then(() => toast(told), () => toast("The browser refused to copy"));

// A modal window of ours; resolves with the value of the button that closed it ("" for Esc).
const dialog = (title, parts, buttons) => new Promise((resolve) => {
  const box = el("dialog", "rag-dialog", null, {"aria-labelledby": "rag-dialog-title"});
  const form = el("form", "", null, {method: "dialog"});
  form.append(el("h2", "rag-heading", title, {id: "rag-dialog-title"}), ...parts);
  const row = el("div", "rag-row");
  const risky = buttons.some(([, , cls]) => cls === "rag-danger"); // Enter alone destroys nothing
  for (const [value, text, cls] of buttons) row.append(el("button", cls, text, risky && !value ? {value, autofocus: ""} : {value}));
  form.append(row);
  box.append(form);
  box.addEventListener("close", () => { resolve(box.returnValue); box.remove(); });
  document.body.append(box);
  box.showModal();
});

// ---- theme -----------------------------------------------------------------------------------------
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
    control.replaceChildren(icon(dark ? "sun" : "moon"));
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

// ---- the head of the conversation ------------------------------------------------------------------
const drawTop = () => {
  const menu = button("rag-icon rag-phone", "Chats and documents", () => drawer(true), {glyph: "menu"});
  menu.id = "rag-menu";
  const title = el("h1", "rag-now", "New chat", {dir: "auto"});
  const share = el("details", "rag-share");
  const opener = el("summary", "rag-icon", null, {"aria-label": "Save or copy this conversation", title: "Save or copy"});
  opener.append(icon("download"));
  const list = el("div", "rag-pop");
  const save = (kind, name) => {
    const link = el("a", "rag-item", name, {href: "#", download: ""});
    link.addEventListener("click", () => { share.open = false; });
    link.dataset.kind = kind;
    return link;
  };
  list.append(save("md", "Save as Markdown"), save("html", "Save as a web page"), save("json", "Save as JSON"),
    button("rag-item", "", () => { share.open = false; copyAll(); }, {text: "Copy as Markdown"}));
  share.append(opener, list);
  share.addEventListener("focusout", (event) => { if (!share.contains(event.relatedTarget)) share.open = false; });
  const theme = button("rag-icon", "", toggleTheme, {});
  theme.id = "rag-theme";
  roots["rag-top"].replaceChildren(menu, title, share, theme);
  applyTheme();
  drawNow();
};
const drawNow = () => {
  const root = roots["rag-top"];
  if (!root) return;
  const known = chats.find((chat) => chat.id === current.chat);
  root.querySelector(".rag-now").textContent = known ? visible(known.title) : "New chat";
  root.querySelector(".rag-share").hidden = !current.chat;
  for (const link of root.querySelectorAll("[data-kind]"))
    link.setAttribute("href", current.chat ? `/rag/chats/${current.chat}/export.${link.dataset.kind}` : "#");
};
const copyAll = async () => {
  const reply = await fetch(`/rag/chats/${current.chat}/export.md`);
  if (reply.ok) copy(await reply.text(), "Conversation copied");
};

// ---- mounting --------------------------------------------------------------------------------------
const mount = ({name, element, props, watch, trigger: send}) => {
  roots[name] = element.querySelector(".rag-root") || element;
  if (name === "rag-top") drawTop();
  if (name === "rag-rail") { trigger = send; startRail(); }
  if (name === "rag-panel") {
    roots[name].setAttribute("role", "complementary");
    roots[name].setAttribute("aria-label", "Sources");
    watch("value", () => showPanel(props.value));
    sheet(false);
    showPanel(props.value);
  }
};
window.ragMount = () => { for (const one of (window.ragMounts ||= []).splice(0)) mount(one); };

// ---- clicks and keys -------------------------------------------------------------------------------
const followLink = (event) => {
  const link = event.target.closest?.("#rag-chat a[href^='#']");
  if (!link) return false;
  event.preventDefault();
  event.stopPropagation();
  const href = link.getAttribute("href");
  if (href.startsWith("#cite-")) open(href.slice(6), href.slice(6));
  else if (href.startsWith("#sources-")) openList(href.slice(9));
  else if (href.startsWith("#do-")) actOn(link, ...href.slice(4).split("-"));
  return true;
};
// Capture phase: gradio must not see the click first.
document.addEventListener("click", (event) => {
  if (PHONE.matches && event.target === document.body) {
    if (document.body.classList.contains("rag-rail-open")) return drawer(false);
    if (document.body.classList.contains("rag-open")) return close();
  }
  followLink(event);
}, true);
// The browser cuts what is too long without a word.
document.addEventListener("paste", (event) => {
  const box = questionBox();
  if (event.target !== box || !(box?.maxLength > 0)) return;
  const room = box.maxLength - box.value.length + box.selectionEnd - box.selectionStart;
  if ((event.clipboardData?.getData("text") || "").length > room)
    toast(`A question has at most ${box.maxLength} characters; the rest was cut off`);
});
document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.matches?.("#rag-chat a[href^='#']")) return void followLink(event);
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (peekBox()) return unpeek();
    const share = document.querySelector(".rag-share[open]");
    if (share) { share.open = false; share.querySelector("summary").focus(); return; }
    if (document.body.classList.contains("rag-rail-open")) return drawer(false);
    if (view || document.body.classList.contains("rag-open")) { event.preventDefault(); close(); }
    return;
  }
  if (event.target.closest?.("input, textarea, select, [contenteditable=true]")) return;
  const way = {ArrowLeft: -1, ArrowRight: 1}[event.key];
  if (way && event.target.matches?.(CHIP)) {
    const chips = [...document.querySelectorAll(`#rag-chat ${CHIP}`)];
    chips[chips.indexOf(event.target) + way]?.focus();
  } else if (way && view && event.target.closest?.("#rag-panel .rag-bar, #rag-panel .rag-doc-title"))
    step(way < 0 ? "previous" : "next", event);
  else if (event.key === "/") {
    event.preventDefault();
    questionBox()?.focus();
  } else if (event.key === "[" || event.key === "]") step(event.key === "[" ? "previous" : "next", event);
});

// ---- labels: the sanitiser strips aria-*, and gradio redraws ---------------------------------------
const name = (selector, attributes) => {
  for (const node of document.querySelectorAll(selector))
    for (const [key, value] of Object.entries(attributes))
      if (node.getAttribute(key) !== value) node.setAttribute(key, value);
};
const label = () => {
  for (const chip of document.querySelectorAll(`#rag-chat ${CHIP}`)) {
    if (chip.title) {
      chip.setAttribute("role", "button");
      chip.dataset.words = chip.title;
      chip.removeAttribute("title"); // the browser's own hint would cover ours
    }
    const stale = outdated.has(chip.getAttribute("href").slice(6));
    if (chip.classList.contains("rag-stale") !== stale) chip.classList.toggle("rag-stale", stale);
    const words = `Source ${chip.textContent}, ${stale ? "changed or removed since, " : ""}${chip.dataset.words}`;
    if (chip.getAttribute("aria-label") !== words) chip.setAttribute("aria-label", words);
  }
  for (const foot of document.querySelectorAll("#rag-chat .rag-foot")) {
    const stale = Boolean(foot.closest(".message").querySelector(".rag-stale"));
    if (stale === Boolean(foot.querySelector(".rag-outdated"))) continue;
    if (stale) foot.append(el("p", "rag-outdated", "A source of this answer was changed or removed since. Ask again for an answer from the documents as they are now."));
    else foot.querySelector(".rag-outdated").remove();
  }
  // Holds the message's source, markup included.
  for (const node of document.querySelectorAll("#rag-chat [data-testid=bot][aria-label], #rag-chat [data-testid=user][aria-label]"))
    node.removeAttribute("aria-label");
  name("#rag-chat a[href^='#do-'], #rag-chat a[href^='#sources-']", {role: "button"});
  for (const link of document.querySelectorAll("#rag-chat a[href^='#do-up-'], #rag-chat a[href^='#do-down-']")) {
    const [, verdict, key] = link.getAttribute("href").slice(1).split("-");
    const pressed = String(current.votes[key] === verdict);
    if (link.getAttribute("aria-pressed") !== pressed) link.setAttribute("aria-pressed", pressed);
  }
  name("#rag-question .submit-button", {"aria-label": "Send"});
  name("#rag-question .stop-button", {"aria-label": "Stop"});
  drawWelcome();
  applyTheme();
  keepUp();
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
  PHONE.addEventListener("change", () => { drawer(false); sheet(document.body.classList.contains("rag-open")); });
  receiveDrops();
  receivePeeks();
  receiveScrolling();
  window.addEventListener("popstate", () => { if (pushed) { pushed = false; close(); } });
  window.ragMount();
};
// After all parts have been read.
queueMicrotask(() => {
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
});
