// ---- what is done with an answer, and what stands where there is none yet ----------------------------
let questions = [];

const drawWelcome = () => {
  const box = document.querySelector("#rag-chat .rag-welcome");
  if (!box || !documents) return;
  const state = JSON.stringify([documents.count, documents.folder, documents.samples, questions]);
  if (box.dataset.state === state) return;
  box.dataset.state = state;
  if (!documents.count) {
    const row = el("div", "rag-row");
    row.append(button("rag-primary", "", () => document.getElementById("rag-files").click(), {glyph: "plus", text: "Add documents"}));
    if (documents.samples) row.append(button("rag-quiet", "", addSamples, {text: "Try the sample documents"}));
    box.replaceChildren(el("h2", "", "Add a document to begin"),
      el("p", "", `The folder “${documents.folder}” holds nothing that can be read. Drop files anywhere on this page, or choose some.`), row,
      el("p", "rag-types", `Types: ${documents.types.join(" ")}`));
    return;
  }
  const nodes = [el("h2", "", "What would you like to know?"),
    el("p", "", `${plural(documents.count, "document")} in ${documents.folder}. Every sentence of an answer points to the exact words it rests on; when the documents do not say, so does the answer.`)];
  if (questions.length) {
    const group = el("div", "rag-suggestions", null, {role: "group", "aria-label": "Questions to begin with"});
    for (const question of questions)
      group.append(button("rag-suggestion", "", () => act({do: "ask", question}), {text: question}));
    nodes.push(group);
  }
  box.replaceChildren(...nodes);
};
const showQuestions = (made) => { questions = made; drawWelcome(); };

const actOn = (link, what, key) => {
  if (!KEY.test(key)) return;
  if (what === "copy") copyAnswer(link);
  else if (what === "up" || what === "down") rate(what, key);
  else if (["retry", "edit", "plain"].includes(what)) {
    act({do: what, key});
    if (what === "edit") questionBox()?.focus();
  }
};
const copyAnswer = (link) => {
  const clone = link.closest(".message").cloneNode(true);
  const sources = [];
  for (const chip of clone.querySelectorAll(CHIP)) {
    const line = `[${chip.textContent}] ${chip.dataset.words || chip.title}`;
    if (!sources.includes(line)) sources.push(line);
    chip.textContent = `[${chip.textContent}]`;
  }
  clone.querySelectorAll(".rag-foot, .rag-acts, .rag-outdated, button").forEach((node) => node.remove());
  clone.querySelectorAll("br").forEach((node) => node.replaceWith("\n"));
  const words = clone.textContent.replace(/\u2060/g, "").replace(/[ \t]+/g, " ").trim();
  copy([words, ...sources].join("\n"), "Answer copied with its sources");
};
const vote = async (key, feedback) => {
  try {
    await ask(`turns/${key}/feedback`, "POST", feedback);
    current.votes[key] = feedback.verdict;
    toast(feedback.verdict ? "Thank you, noted" : "Taken back");
  } catch (error) { toast(error.message); }
  label();
};
const rate = async (verdict, key) => {
  if (current.votes[key] === verdict) return vote(key, {verdict: ""});
  if (verdict === "up") return vote(key, {verdict});
  const reasons = el("fieldset", "rag-reasons");
  reasons.append(el("legend", "", "What is wrong with it?"));
  for (const [value, words] of [["wrong", "It is wrong"], ["missing", "Something is missing"], ["source", "The source does not fit"], ["other", "Something else"]]) {
    const line = el("label", "");
    line.append(el("input", "", null, {type: "radio", name: "reason", value}), words);
    reasons.append(line);
  }
  const field = el("label", "rag-field", "In your words (optional)");
  const text = el("textarea", "", null, {rows: "3", maxlength: "2000"});
  field.append(text);
  const done = await dialog("Bad answer", [reasons, field],
    [["save", "Save", "rag-primary"], ["draft", "Save as test question", "rag-quiet"], ["", "Cancel", "rag-quiet"]]);
  if (!done) return;
  const reason = reasons.querySelector("input:checked")?.value || "";
  await vote(key, {verdict, reason, text: text.value});
  if (done !== "draft") return;
  try {
    const told = await ask(`turns/${key}/draft`, "POST", {reason, text: text.value});
    toast(told.saved ? "Saved as a draft of a test question" : "There is a draft of it already");
  } catch (error) { toast(error.message); }
};
