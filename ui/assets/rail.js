// ---- the rail: conversations, who answers, documents -------------------------------------------------
let chats = [];
let older = false; // whether there are more of them
let most = 200;
let user = "";
let documents = null;
let generators = {generators: [], chosen: ""};
let uploads = []; // {name, words, state, busy, done, of}: the files of this page, newest first
let indexing = {number: 0, running: false, read: [], files: {}};
let filter = "";

const drawer = (on) => {
  document.body.classList.toggle("rag-rail-open", on);
  const left = document.getElementById("rag-left");
  if (left) left.inert = PHONE.matches && !on;
  if (on) roots["rag-rail"]?.querySelector("button")?.focus();
  else if (PHONE.matches && left?.contains(document.activeElement)) document.getElementById("rag-menu")?.focus();
};
const remembered = (id) => {
  try {
    if (id === undefined) return sessionStorage.getItem("rag-chat") || "";
    sessionStorage.setItem("rag-chat", id);
  } catch { /* private window: a reload begins anew */ }
  return "";
};
const startRail = async () => {
  drawer(false);
  drawRail();
  const last = remembered();
  const documentsLoaded = Promise.all([loadDocuments(), loadGenerators()]);
  await loadChats();
  // Only now: an event that is sent while gradio still mounts the page is lost.
  if (chats.some((chat) => chat.id === last) && !current.chat) act({do: "open", id: last});
  await documentsLoaded;
  watchIndexing();
};
const loadChats = async () => {
  const told = await ask(`chats?most=${most}`).catch(() => null);
  if (!told) return;
  const known = user;
  ({chats, older, user} = told);
  if (user !== known) drawGenerators();
  drawChats();
  drawNow();
};
const loadDocuments = async () => {
  documents = await ask("documents").catch(() => documents);
  drawDocuments();
  drawWelcome();
  if (!documents?.count) return showQuestions([]);
  const told = await ask("suggestions").catch(() => ({questions: []}));
  showQuestions(told.questions);
};
const loadGenerators = async () => {
  generators = await ask("generators").catch(() => generators);
  let own = "";
  try { own = localStorage.getItem("rag-generator") || ""; } catch { /* private window */ }
  const kept = generators.generators.find((one) => one.name === own && one.state === "ready");
  if (kept && own !== generators.chosen) { generators.chosen = own; act({do: "generator", name: own}); }
  drawGenerators();
};
const chatChanged = (moved) => {
  if (moved) remembered(current.chat);
  loadChats();
};

const drawRail = () => {
  const box = el("nav", "rag-nav", null, {"aria-label": "Chats and documents"});
  const brand = el("div", "rag-brand");
  const names = el("div", "");
  names.append(el("div", "rag-name", "Ask your documents"), el("div", "rag-corpus", ""));
  brand.append(names, button("rag-icon rag-phone", "Close", () => drawer(false), {glyph: "close"}));
  const fresh = button("rag-new", "", () => { drawer(false); act({do: "new"}); questionBox()?.focus(); }, {glyph: "plus", text: "New chat"});
  fresh.id = "rag-new";
  const section = (id, title, ...more) => {
    const node = el("section", "rag-section", null, {id, "aria-label": title});
    const top = el("div", "rag-section-head");
    top.append(el("h2", "", title), ...more);
    node.append(top, el("div", "rag-content"));
    return node;
  };
  const input = el("input", "", null, {type: "file", multiple: "", id: "rag-files", hidden: "", "aria-label": "Files to add"});
  input.addEventListener("change", () => { addFiles([...input.files]); input.value = ""; });
  const add = button("rag-add", "", () => input.click(), {glyph: "plus", text: "Add"});
  add.title = "Add documents";
  box.append(brand, fresh, section("rag-chats", "Chats"), section("rag-by", "Answered with"),
    section("rag-docs", "Documents", input, add));
  roots["rag-rail"].replaceChildren(box);
  drawChats();
  drawDocuments();
  drawGenerators();
};
const content = (id) => roots["rag-rail"]?.querySelector(`#${id} .rag-content`);

const drawChats = () => {
  const box = content("rag-chats");
  if (!box) return;
  if (!chats.length) return box.replaceChildren(el("p", "rag-hint", "Your conversations are kept here."));
  const items = el("ul", "rag-lines");
  for (const chat of chats) {
    const line = el("li", "rag-line");
    const go = button("rag-go", "", () => { drawer(false); act({do: "open", id: chat.id}); }, {text: chat.title});
    go.dir = "auto";
    if (chat.id === current.chat) { line.classList.add("rag-on"); go.setAttribute("aria-current", "true"); }
    line.append(go, button("rag-icon", `Rename ${chat.title}`, () => rename(chat), {glyph: "edit"}),
      button("rag-icon", `Delete ${chat.title}`, () => forget(chat), {glyph: "trash"}));
    items.append(line);
  }
  box.replaceChildren(items);
  if (older) box.append(button("rag-quiet", "", () => { most += 200; loadChats(); }, {text: "Show older"}));
};
const rename = async (chat) => {
  const label = el("label", "rag-field", "Name");
  const input = el("input", "", null, {type: "text", maxlength: "80", value: chat.title, required: ""});
  label.append(input);
  const done = await dialog("Rename the conversation", [label], [["save", "Save", "rag-primary"], ["", "Cancel", "rag-quiet"]]);
  if (done !== "save" || !input.value.trim()) return;
  await ask(`chats/${chat.id}`, "POST", {title: input.value}).catch((error) => toast(error.message));
  loadChats();
};
const forget = async (chat) => {
  const words = el("p", "", `“${chat.title}” and what you said about its answers will be gone.`);
  if (await dialog("Delete the conversation?", [words], [["yes", "Delete", "rag-danger"], ["", "Keep", "rag-quiet"]]) !== "yes") return;
  await ask(`chats/${chat.id}`, "DELETE").catch((error) => toast(error.message));
  if (chat.id === current.chat) act({do: "new"});
  loadChats();
};

// ---- who answers -------------------------------------------------------------------------------------
const drawGenerators = () => {
  const box = content("rag-by");
  if (!box) return;
  const parts = [];
  if (generators.generators.length > 1) {
    const select = el("select", "rag-select", null, {"aria-label": "Who answers"});
    for (const one of generators.generators) {
      const option = el("option", "", one.state === "ready" || one.name === generators.chosen ? one.label : `${one.label} (${one.state})`, {value: one.name});
      option.disabled = one.state !== "ready";
      option.selected = one.name === generators.chosen;
      select.append(option);
    }
    select.addEventListener("change", () => {
      generators.chosen = select.value;
      try { localStorage.setItem("rag-generator", select.value); } catch { /* this page only */ }
      act({do: "generator", name: select.value});
      drawGenerators();
    });
    parts.push(select);
  } else for (const one of generators.generators) parts.push(el("div", "rag-one", one.label));
  const chosen = generators.generators.find((one) => one.name === generators.chosen);
  if (chosen) parts.push(el("p", `rag-state rag-${chosen.state === "ready" ? "ready" : "down"}`,
    chosen.state === "ready" ? "Ready. Nothing leaves this machine." : `Not available: ${chosen.state}`));
  if (chosen && chosen.name !== "extractive" && chosen.state === "ready") parts.at(-1).textContent = "Ready";
  if (user) {
    const leave = el("div", "rag-user");
    leave.append(el("span", "", user), button("rag-quiet", "", async () => {
      remembered("");
      await fetch("/rag/sign-out", {method: "POST", redirect: "manual"});
      location.reload();
    }, {text: "Sign out"}));
    parts.push(leave);
  }
  box.replaceChildren(...parts);
};
