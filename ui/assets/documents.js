// ---- documents ---------------------------------------------------------------------------------------
const drawDocuments = () => {
  const box = content("rag-docs");
  const corpus = roots["rag-rail"]?.querySelector(".rag-corpus");
  if (!box || !documents) return;
  corpus.textContent = `${plural(documents.count, "document")} in ${documents.folder}`;
  const parts = [progressOf()];
  if (documents.count > 12) {
    const input = el("input", "rag-filter", null, {type: "search", placeholder: "Filter", "aria-label": "Filter documents", value: filter});
    input.addEventListener("input", () => { filter = input.value; drawLines(); });
    parts.push(input);
  }
  parts.push(el("ul", "rag-lines", null, {id: "rag-doc-lines"}));
  parts.push(el("p", "rag-drop", "Drop files anywhere to add them. The documents folder is never changed."));
  if (documents.excluded.length) parts.push(folded(`${documents.excluded.length} left out`, documents.excluded.map((path) => {
    const line = el("li", "rag-line rag-out");
    line.append(el("span", "rag-go", path, {dir: "auto"}), button("rag-quiet", `Take ${path} in again`, () => restore(path), {text: "Take in"}));
    line.lastChild.setAttribute("aria-label", `Take in ${path}`);
    return line;
  })));
  if (documents.skipped.length) parts.push(folded(`${documents.skipped.length} not read`, documents.skipped.slice(0, 200).map((row) => {
    const line = el("li", "rag-line rag-out");
    line.append(el("span", "rag-go", row.path, {dir: "auto"}), el("span", "rag-facts", row.reason));
    return line;
  })));
  box.replaceChildren(...parts.filter(Boolean));
  drawLines();
};
const drawLines = () => {
  const items = [];
  const words = filter.trim().toLowerCase();
  for (const one of documents.listed) {
    if (words && !`${one.title} ${one.path}`.toLowerCase().includes(words)) continue;
    const line = el("li", "rag-line");
    const go = button("rag-go", "", () => open(one.ref, one.ref), {text: one.title || one.path});
    go.dataset.ref = one.ref;
    go.dir = "auto";
    go.prepend(el("span", "rag-type", one.path.split(".").pop().slice(0, 5)));
    if (one.title) go.title = one.path;
    line.append(go, button("rag-icon", `Remove ${one.title || one.path}`, () => remove(one), {glyph: "trash"}));
    items.push(line);
  }
  if (documents.count > documents.listed.length)
    items.push(el("li", "rag-hint", `and ${documents.count - documents.listed.length} more`));
  document.getElementById("rag-doc-lines")?.replaceChildren(...items);
};
const folded = (title, lines) => {
  const node = el("details", "rag-more"), items = el("ul", "rag-lines");
  items.append(...lines);
  node.append(el("summary", "", title), items);
  return node;
};
const remove = async (one) => {
  const own = one.path.startsWith("uploads/");
  const words = own ? "The added file is deleted." : "It is left out of the index. The file stays in the documents folder, and can be taken in again.";
  if (await dialog(`Remove “${one.title || one.path}”?`, [el("p", "", words)], [["yes", "Remove", "rag-danger"], ["", "Keep", "rag-quiet"]]) !== "yes") return;
  await ask("documents/remove", "POST", {path: one.path}).then(
    (told) => toast(told.outcome === "deleted" ? "Deleted" : "Left out of the index; the file is untouched"), (error) => toast(error.message));
  watchIndexing();
};
const restore = async (path) => {
  await ask("documents/restore", "POST", {path}).catch((error) => toast(error.message));
  watchIndexing();
};

// ---- adding files ------------------------------------------------------------------------------------
const progressOf = () => {
  if (!uploads.length && !indexing.running && !indexing.error) return null;
  const box = el("div", "rag-uploads", null, {role: "status", "aria-label": "Adding documents"});
  const bar = (percent, label) => el("progress", "", null, {max: "100", value: String(percent), "aria-label": label});
  if (indexing.running) {
    const line = el("div", "rag-upload");
    line.append(el("span", "", "Updating the index"), el("span", "rag-facts", `${indexing.step} ${indexing.percent} %`), bar(indexing.percent, "Updating the index"));
    box.append(line);
  } else if (indexing.error) box.append(el("p", "rag-failed", indexing.error));
  for (const one of uploads) {
    const line = el("div", `rag-upload rag-${one.state}`);
    line.append(el("span", "rag-go", one.name, {dir: "auto"}), el("span", "rag-facts", one.words));
    if (one.state === "sending") line.append(bar(one.percent, `Uploading ${one.name}`));
    else line.append(button("rag-icon", `Dismiss ${one.name}`, () => { uploads = uploads.filter((other) => other !== one); drawDocuments(); }, {glyph: "close"}));
    box.append(line);
  }
  return box;
};
const addFiles = async (files) => {
  for (const file of files) {
    const one = {name: file.name, words: "Uploading", percent: 0, state: "sending"};
    uploads = [one, ...uploads.filter((other) => other.name !== file.name)].slice(0, 50);
    const problem = refusal(file);
    if (problem) Object.assign(one, {words: problem, state: "failed"});
    else await send(file, one);
    drawDocuments();
  }
  if (uploads.some((one) => one.state === "stored")) {
    await ask("index", "POST", {}).catch((error) => toast(error.message));
    watchIndexing();
  }
};
const refusal = (file) => {
  const suffix = file.name.includes(".") ? `.${file.name.split(".").pop().toLowerCase()}` : "";
  if (documents && !documents.types.includes(suffix)) return `Not added: ${suffix || "a file without a suffix"} is not read`;
  if (documents && file.size > documents.largest) return `Not added: larger than ${documents.largest / 1e6} MB`;
  return file.size ? "" : "Not added: the file is empty";
};
const send = (file, one) => new Promise((resolve) => {
  const request = new XMLHttpRequest();
  request.open("PUT", `/rag/documents/add/${encodeURIComponent(file.name)}`);
  request.upload.addEventListener("progress", (event) => {
    one.percent = Math.round((100 * event.loaded) / event.total);
    one.words = `Uploading ${one.percent} %`;
    drawDocuments();
  });
  request.addEventListener("loadend", () => {
    let told = {};
    try { told = JSON.parse(request.responseText); } catch { /* no answer */ }
    if (request.status === 200) Object.assign(one, {state: "stored", outcome: told.outcome, words: "Waiting for the index"});
    else Object.assign(one, {state: "failed", words: `Not added: ${told.error || "the program does not answer"}`});
    resolve();
  });
  request.send(file);
});
let watching = false;
const watchIndexing = async () => {
  if (watching) return;
  watching = true;
  let busy = true;
  while (busy) {
    indexing = await ask("index").catch(() => indexing);
    busy = indexing.running;
    drawDocuments();
    if (busy) await new Promise((resolve) => setTimeout(resolve, 400));
  }
  watching = false;
  for (const one of uploads.filter((upload) => upload.state === "stored")) {
    const told = indexing.files[`uploads/${one.name}`];
    const fine = told === undefined || told === "added" || told === "replaced";
    const words = {added: "Added", replaced: "Replaced", unchanged: "Already there, unchanged"}[one.outcome];
    Object.assign(one, fine ? {state: "done", words} : {state: "failed", words: `Not indexed: ${told}`});
    if (told?.startsWith("same content as")) Object.assign(one, {state: "failed", words: `Duplicate: ${told}`});
    if (indexing.error) Object.assign(one, {state: "failed", words: "Not indexed"});
  }
  await loadDocuments();
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
