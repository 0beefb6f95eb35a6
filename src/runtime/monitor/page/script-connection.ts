/** Client script, part 4: the stream of states, what is said when it ends, and the page's buttons. */
export const CONNECTION_SCRIPT = `
const SILENCE_MS = 3000;
const AGAIN_MS = 2000;
let heardMs = Date.now();
let lastState = first.state;
let source;

const showTitle = (isLost) => {
  const now = (isLost ? "NO CONNECTION · " : "") + title;
  if (document.title !== now) document.title = now;
};
const take = (state) => {
  heardMs = Date.now();
  lastState = state;
  course = lengthened(course, state.account);
  show(state);
  lookForSilence();
};
const lookForSilence = () => {
  const isLost = Date.now() - heardMs > SILENCE_MS;
  showNotice("lost", isLost ? "✕ NO CONNECTION" : "", isLost ? "since " + timeOf(heardMs) + " UTC: what stands here is from then. Trying again." : "");
  if (isLost) showUnknown();
  showTitle(isLost);
};
const connect = () => {
  source = new EventSource("/api/events");
  source.addEventListener("state", ({ data }) => take(JSON.parse(data)));
  source.addEventListener("equity", ({ data }) => { course = JSON.parse(data); });
  // A browser tries again by itself unless it was answered with a refusal.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_MS);
  });
};

const root = document.documentElement;
const media = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : media.matches);
const nameScheme = () => say(byId("scheme"), isDark() ? "☀ Light" : "☾ Dark");
byId("scheme").addEventListener("click", () => {
  root.dataset.scheme = isDark() ? "light" : "dark";
  try { localStorage.setItem("tickbook-scheme", root.dataset.scheme); } catch {}
  nameScheme();
});
media.addEventListener("change", nameScheme);
byId("pause").addEventListener("click", () => {
  isPaused = !isPaused;
  byId("pause").setAttribute("aria-pressed", String(isPaused));
  say(byId("pause"), isPaused ? "▶ Resume" : "❚❚ Pause");
  if (!isPaused) show(lastState);
});

nameScheme();
show(lastState);
showTitle(false);
new ResizeObserver(() => { showEquity(lastState); showLatency(lastState); }).observe(byId("main"));
setInterval(lookForSilence, 500);
connect();
root.dataset.drawn = "true";
`;
