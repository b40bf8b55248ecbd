// Makes of what Streamlit pushes to the history what a reader expects of Back; it runs before Streamlit.
//
// On a change of pages Streamlit pushes the page that is left once more, without its inputs, and Back
// ends there (its issue 13853). It pushes once for every input that Python sets, so one drag would be
// three entries. And on quick Backs it pushes the page of a run that is no longer wanted, and loses
// messages of the next; so of quick Backs it hears of the last alone. On Back it takes out of the link
// what both pages ask for, and puts it in again later; meanwhile the reader may have gone further.

{
  const QUICK = 100; // ms from one Back to the next
  const { pushState, replaceState } = history;
  let wanted = null; // the path of the link to another page that was followed last
  let acted = false; // whether the reader has done something since the last entry
  let back = false; // whether the reader has gone back or forth and done nothing since
  let going = 0; // the timer of a Back or Forward that Streamlit has not yet heard of

  const act = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return; // perhaps the keys of Back
    acted = true;
    back = false;
  };
  for (const kind of ["pointerup", "keydown", "click"]) addEventListener(kind, act, true);

  const follow = (event) => {
    const link = event.target.closest?.("a[href]");
    const aside = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link?.target;
    if (link && !aside && link.pathname !== location.pathname) wanted = link.pathname;
  };
  addEventListener("click", follow, true);

  const went = (event) => {
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    wanted = null;
    acted = false;
    back = true;
    clearTimeout(going);
    const tell = () => dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    going = setTimeout(tell, QUICK);
  };
  addEventListener("popstate", went, true);

  history.replaceState = (...entry) => back || replaceState.apply(history, entry);
  history.pushState = (...entry) => {
    const { pathname } = new URL(entry[2], location.href);
    const arrives = pathname === wanted;
    if (back || (!arrives && (wanted !== null || pathname !== location.pathname))) return;
    (arrives || acted ? pushState : replaceState).apply(history, entry);
    wanted = null;
    acted = false;
  };
}
