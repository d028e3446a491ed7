// ---- where the conversation stands: the latest question at the top, its answer growing below ----------
// Until the reader scrolls, or the answer is there. Gradio's own scrolling follows the end of the text,
// which takes the beginning of an answer away from who is reading it.
let following = false;
let followTimer = 0;
const follow = (on) => {
  clearTimeout(followTimer);
  // What comes with the end of an answer is still being drawn.
  if (on) following = true;
  else followTimer = setTimeout(() => { following = false; }, 600);
  keepUp();
};
const keepUp = () => {
  if (!following) return;
  const box = document.querySelector("#rag-chat [role=log]");
  const asked = [...document.querySelectorAll("#rag-chat .user-row")].at(-1);
  if (!box || !asked) return;
  const top = asked.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  const long = asked.offsetHeight - box.clientHeight * 0.4; // the end of a very long question is enough
  const wanted = Math.round(Math.min(top + Math.max(0, long), box.scrollHeight - box.clientHeight));
  if (Math.abs(box.scrollTop - wanted) > 1) box.scrollTop = wanted;
};
const receiveScrolling = () => {
  const stop = (event) => { if (event.target.closest?.("#rag-chat")) following = false; };
  for (const kind of ["wheel", "touchmove", "pointerdown"]) document.addEventListener(kind, stop, {passive: true, capture: true});
  document.addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"].includes(event.key)) stop(event);
  }, true);
};
