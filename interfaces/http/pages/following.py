"""How an open group page keeps up: told of a change, it takes its middle from the page as it is by then.

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
    if (answer.ok) document.querySelector("main").replaceWith(page.querySelector("main"));
  } catch {}
  busy = false;
  if (wanted) renew();
};
live.addEventListener("progress", renew);
"""
