// ---- documents ---------------------------------------------------------------------------------------
const drawDocuments = () => {
  const box = content("rag-docs");
  const corpus = roots["rag-rail"]?.querySelector(".rag-corpus");
  if (!box || !documents) return;
  corpus.textContent = `${plural(documents.count, "document")} in ${documents.folder}`;
  const parts = [el("div", "rag-uploads", null, {role: "group", "aria-label": "Adding documents"})];
  if (documents.count > 12 || filter) {
    const input = el("input", "rag-filter", null, {type: "search", placeholder: "Filter", "aria-label": "Filter documents", value: filter});
    input.addEventListener("input", () => { filter = input.value; drawLines(); });
    parts.push(input);
  }
  parts.push(el("ul", "rag-lines", null, {id: "rag-doc-lines"}));
  parts.push(el("p", "rag-drop", "Drop files anywhere to add them. The documents folder is never changed."));
  if (documents.excluded.length) parts.push(folded("out", `${documents.excluded.length} left out`, documents.excluded.map((path) => {
    const line = el("li", "rag-line rag-out");
    line.append(el("span", "rag-go", path, {dir: "auto"}), named(button("rag-quiet", "", () => restore(path), {text: "Take in"}), `Take in ${path}`));
    return line;
  })));
  if (documents.skipped.length) parts.push(folded("skipped", `${documents.skipped.length} not read`, documents.skipped.slice(0, 200).map((row) => {
    const line = el("li", "rag-line rag-out");
    line.append(el("span", "rag-go", row.path, {dir: "auto"}));
    if (row.added) line.append(named(button("rag-quiet", "", () => remove(row), {text: "Remove"}), `Remove ${row.path}`));
    line.append(el("span", "rag-facts", row.reason, {dir: "auto"}));
    return line;
  })));
  redraw(box, parts);
  drawLines();
  drawUploads();
};
const named = (node, label) => { node.setAttribute("aria-label", label); return node; };
// Puts new nodes into a place; what had the focus there has it again.
const redraw = (box, nodes) => {
  const focus = box.contains(document.activeElement) ? document.activeElement : null;
  const words = focus?.getAttribute("aria-label");
  box.replaceChildren(...nodes);
  if (!focus || box.contains(focus)) return;
  const again = [...box.querySelectorAll("[aria-label]")].find((node) => node.getAttribute("aria-label") === words);
  (again || box.closest("section")?.querySelector("button"))?.focus();
};
const drawLines = () => {
  const items = [];
  const words = filter.trim().toLowerCase(), titles = new Map();
  for (const {title} of documents.listed) titles.set(title, (titles.get(title) || 0) + 1);
  for (const one of documents.listed) {
    if (words && !`${one.title} ${one.path}`.toLowerCase().includes(words)) continue;
    const line = el("li", "rag-line");
    // Editions of a document often share their title: then the file tells them apart.
    const name = titles.get(one.title) > 1 ? one.path : one.title || one.path;
    const go = button("rag-go", "", () => open(one.ref, one.ref), {text: name});
    go.title = one.title ? `${one.title}\n${one.path}` : one.path;
    go.dataset.ref = one.ref;
    go.dir = "auto";
    go.prepend(el("span", "rag-type", one.path.split(".").pop().slice(0, 5)));
    line.append(go, button("rag-icon", `Remove ${name}`, () => remove(one), {glyph: "trash"}));
    items.push(line);
  }
  if (words && !items.length) items.push(el("li", "rag-hint", "No document has these words in its name."));
  if (documents.count > documents.listed.length)
    items.push(el("li", "rag-hint", `and ${documents.count - documents.listed.length} more`));
  const box = document.getElementById("rag-doc-lines");
  if (box) redraw(box, items);
};
const unfolded = new Set();
const folded = (kind, title, lines) => {
  const node = el("details", "rag-more"), items = el("ul", "rag-lines");
  node.open = unfolded.has(kind);
  node.addEventListener("toggle", () => unfolded[node.open ? "add" : "delete"](kind));
  items.append(...lines);
  node.append(el("summary", "", title), items);
  return node;
};
const remove = async (one) => {
  const words = one.added ? "The added file is deleted." : "It is left out of the index. The file stays in the documents folder, and can be taken in again.";
  if (await dialog(`Remove “${one.title || one.path}”?`, [el("p", "", words)], [["yes", "Remove", "rag-danger"], ["", "Keep", "rag-quiet"]]) !== "yes") return;
  await ask("documents/remove", "POST", {path: one.path}).then((told) => {
    toast(told.outcome === "deleted" ? "Deleted" : "Left out of the index; the file is untouched");
    if (view?.document === one.path) close();
  }, (error) => toast(error.message));
  watchIndexing();
};
const restore = async (path) => {
  await ask("documents/restore", "POST", {path}).catch((error) => toast(error.message));
  watchIndexing();
};

// ---- adding files ------------------------------------------------------------------------------------
const drawUploads = () => {
  const box = roots["rag-rail"]?.querySelector(".rag-uploads");
  if (!box) return;
  const nodes = [];
  const bar = (one) => named(el("progress", "", null, one.of ? {max: String(one.of), value: String(one.done)} : {}), `${one.words} ${one.name}`);
  if (indexing.running) {
    const words = `${indexing.step} ${indexing.percent} %`;
    const line = el("div", "rag-upload");
    line.append(el("span", "", "Updating the index"), el("span", "rag-facts", words), bar({name: "the index", words, of: 100, done: indexing.percent}));
    nodes.push(line);
  } else if (indexing.error) nodes.push(el("p", "rag-failed", indexing.error));
  // What went wrong is not to be searched for among what went well.
  const failed = uploads.filter((one) => one.state === "failed");
  for (const one of [...failed, ...uploads.filter((other) => !failed.includes(other))]) {
    const line = el("div", `rag-upload rag-${one.state}`);
    line.append(el("span", "rag-go", one.name, {dir: "auto"}), el("span", "rag-facts", one.words));
    if (ended(one))
      line.append(button("rag-icon", `Dismiss ${one.name}`, () => { uploads = uploads.filter((other) => other !== one); drawUploads(); }, {glyph: "close"}));
    else if (one.busy) line.append(bar(one));
    nodes.push(line);
  }
  if (uploads.filter(ended).length > 1)
    nodes.push(button("rag-quiet rag-clear", "", () => { uploads = uploads.filter((one) => !ended(one)); drawUploads(); }, {text: "Clear finished"}));
  redraw(box, nodes);
};
const ended = (one) => one.state === "done" || one.state === "failed";
const addFiles = async (files) => {
  const fresh = files.map((file) => ({file, name: file.name, words: "Waiting", state: "waiting", busy: false}));
  uploads = [...fresh, ...uploads.filter((other) => !files.some((file) => file.name === other.name))];
  drawUploads();
  for (const one of fresh) {
    const problem = refusal(one.file);
    if (problem) Object.assign(one, {words: problem, state: "failed", refused: true});
    else await send(one.file, one);
    drawUploads();
  }
  if (fresh.some((one) => one.state === "stored")) {
    await ask("index", "POST", {}).catch((error) => toast(error.message));
    await watchIndexing();
  } else told(fresh);
};
const addSamples = async () => {
  try {
    const {names} = await ask("documents/samples", "POST", {});
    uploads = names.map((each) => ({name: each, words: "Waiting", state: "stored", outcome: "added", busy: false}));
    await watchIndexing();
  } catch (error) { toast(error.message); }
};
const told = (files) => {
  const failed = files.filter((one) => one.state === "failed").length, fine = files.length - failed;
  if (files.length) toast([fine && `${plural(fine, "file")} added`, failed && `${plural(failed, "file")} not added`].filter(Boolean).join(", "));
};
const refusal = (file) => {
  if (/[/\\:*?"<>|]/.test(file.name) || file.name !== visible(file.name)) return "Not added: this file name cannot be used; rename the file";
  const suffix = file.name.includes(".") ? `.${file.name.split(".").pop().toLowerCase()}` : "";
  if (documents && !documents.types.includes(suffix)) return `Not added: ${suffix || "a file without a suffix"} is not read`;
  if (documents && file.size > documents.largest) return `Not added: larger than ${documents.largest / 1e6} MB`;
  return file.size ? "" : "Not added: the file is empty";
};
const send = (file, one) => new Promise((resolve) => {
  const request = new XMLHttpRequest();
  request.open("PUT", `/rag/documents/add/${encodeURIComponent(file.name)}`);
  Object.assign(one, {state: "sending", words: "Uploading", busy: true});
  request.upload.addEventListener("progress", (event) => {
    Object.assign(one, {done: event.loaded, of: event.total, words: `Uploading ${Math.round((100 * event.loaded) / event.total)} %`});
    drawUploads();
  });
  request.addEventListener("loadend", () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* no answer */ }
    if (request.status === 200) Object.assign(one, {state: "stored", outcome: answer.outcome, words: "Waiting for the index", busy: false});
    else Object.assign(one, {state: "failed", words: `Not added: ${answer.error || "the program does not answer"}`});
    resolve();
  });
  request.send(file);
});
// How far a file is that is being indexed. What the running build has not read waits for the next one.
const stepOf = (one) => {
  const path = `uploads/${one.name}`, {step, done, total} = indexing;
  if (indexing.reading === path) return {words: "Reading", busy: true, of: 0};
  if (!indexing.read.includes(path)) return {words: "Waiting for the index", busy: false};
  if (step === "Reading") return {words: "Read", busy: false};
  if (step === "Embedding") return {words: `Encoding ${done} of ${plural(total, "passage")}`, busy: true, done, of: total};
  return {words: "Updating the index", busy: true, of: 0};
};
const outcomeOf = (one) => {
  const said = indexing.files[`uploads/${one.name}`];
  if (indexing.error) return {state: "failed", words: "Not indexed"};
  if (said?.startsWith("same content as")) return {state: "failed", words: `Duplicate: ${said}`};
  if (said !== undefined && said !== "added" && said !== "replaced") return {state: "failed", words: `Not indexed: ${said}`};
  return {state: "done", words: {added: "Added", replaced: "Replaced", unchanged: "Already there, unchanged"}[one.outcome]};
};
let watching = false, again = false;
const watchIndexing = async () => {
  again = watching; // what is asked for while one look is on its way may begin behind it
  if (watching) return;
  watching = true;
  let waiting = [];
  do {
    again = false;
    indexing = await ask("index").catch(() => indexing);
    waiting = uploads.filter((upload) => upload.state === "stored");
    if (indexing.running) for (const one of waiting) Object.assign(one, stepOf(one));
    drawUploads();
    if (indexing.running) await new Promise((resolve) => setTimeout(resolve, 250));
  } while (indexing.running || again);
  watching = false;
  for (const one of waiting) Object.assign(one, outcomeOf(one));
  told([...waiting, ...uploads.filter((one) => one.refused)]);
  for (const one of uploads) one.refused = false;
  await loadDocuments();
  sourcesChanged();
};
const receiveDrops = () => {
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  let inside = 0;
  const show = (on) => document.body.classList.toggle("rag-dropping", on);
  document.addEventListener("dragenter", (event) => { if (carries(event)) { inside++; show(true); } }, true);
  document.addEventListener("dragleave", (event) => { if (carries(event) && --inside <= 0) { inside = 0; show(false); } }, true);
  document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); }, true);
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.stopPropagation();
    inside = 0;
    show(false);
    addFiles([...event.dataTransfer.files]);
  }, true);
};
