"""How an open group page keeps up: told of a change, it takes its middle from the page as it is by then.

Whoever has tabbed to its one link stays there.

Without scripts, or where nobody is told any more, the page stays as it was opened.
"""

SCRIPT = """
const live = new EventSource("/v1/groups/" + location.pathname.split("/")[2] + "/live");
let wanted = false, busy = false;
const renew = async () => {
  if (busy) { wanted = true; return; }
  busy = true; wanted = false;
  await new Promise((passed) => setTimeout(passed, Math.random() * 300));
  try {
    const answer = await fetch(location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = document.querySelector("main"), held = shown.contains(document.activeElement);
    if (answer.ok) shown.replaceWith(page.querySelector("main"));
    if (answer.ok && held) document.querySelector("main a")?.focus();
  } catch {}
  busy = false;
  if (wanted) renew();
};
live.addEventListener("progress", renew);
"""
