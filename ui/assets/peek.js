// ---- a source at a glance: where there is a pointer, its words appear beside the number --------------
// The number's own label says the same to a screen reader, so this is for the eye only.
let peeking = null; // the number that the pointer is on
let peekTimer = 0;
const peekBox = () => document.getElementById("rag-peek");
const unpeek = () => {
  clearTimeout(peekTimer);
  peeking = null;
  peekBox()?.remove();
};
const peek = async (chip) => {
  const ref = chip.getAttribute("href").slice(6), key = ref.split("-")[0];
  const known = (cited) => cited.find((item) => item.ref === ref);
  const item = known(list.cited) || known((await ask(`sources/${key}`).catch(() => ({cited: []}))).cited);
  if (!item || peeking !== chip || !chip.isConnected) return;
  peekBox()?.remove();
  const box = el("div", "", null, {id: "rag-peek", "aria-hidden": "true"});
  box.append(el("div", "rag-title", item.title, {dir: "auto"}), quoted(el("div", "rag-quote", null, {dir: "auto"}), item.quote));
  if (item.stale) box.append(el("div", "rag-changed", CHANGED));
  box.append(el("div", "rag-facts", [facts(item), item.match].filter(Boolean).join(" · ")));
  document.body.append(box);
  const at = chip.getBoundingClientRect(), above = at.top - box.offsetHeight - 8;
  box.style.left = `${Math.max(8, Math.min(at.left - 24, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${above > 8 ? above : at.bottom + 8}px`;
};
const receivePeeks = () => {
  if (!window.matchMedia("(hover: hover)").matches) return;
  document.addEventListener("pointerover", (event) => {
    if (event.target.closest?.("#rag-peek")) return clearTimeout(peekTimer);
    const chip = event.target.closest?.(`#rag-chat ${CHIP}`);
    if (chip === peeking) return clearTimeout(peekTimer);
    clearTimeout(peekTimer);
    if (!chip) { peekTimer = setTimeout(unpeek, 200); return; }
    unpeek();
    peeking = chip;
    peekTimer = setTimeout(() => peek(chip), 250);
  });
  for (const kind of ["pointerdown", "wheel", "resize"]) window.addEventListener(kind, unpeek, {passive: true});
};
