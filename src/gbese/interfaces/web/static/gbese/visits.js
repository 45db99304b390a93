// Following a link or sending a form exchanges what differs between two pages; the frame, its styles, fonts
// and scripts stay. What cannot be exchanged (another language, a newer version, a page outside the frame)
// is loaded whole. Pages work without.

const FILE = /\.(csv|xlsx)$/;

const withoutHash = (address) => String(address).split("#")[0];
const partsOf = (page) => new Map([...page.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
const headOf = (page) => {
  const { lang, dir } = page.documentElement;
  const files = [...page.head.querySelectorAll("link[rel=stylesheet], script[src]:not([data-late])")];
  return [lang, dir, ...files.map((file) => file.getAttribute("href") ?? file.getAttribute("src"))].join(" ");
};

let shown = withoutHash(location.href);
const isFramed = () => document.querySelector("main[data-part]") !== null;
let latest; // the visit under way; what comes back for an earlier one is nobody's any more

// Whether a page has the frame that is here: the same parts, language, styles and scripts.
const fits = (page) =>
  [...partsOf(document).keys()].join(" ") === [...partsOf(page).keys()].join(" ") && headOf(document) === headOf(page);

// Where a page was left, so that going back leads there.
history.scrollRestoration = "manual";
const keepPlace = () => history.replaceState({ ...history.state, place: scrollY }, "");
const goTo = (place) => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (place !== undefined) scrollTo({ top: place, behavior: "instant" });
  else if (target) target.scrollIntoView();
  else scrollTo({ top: 0, behavior: "instant" });
};
if (history.state?.place) goTo(history.state.place);
addEventListener("scrollend", () => {
  if (!latest) keepPlace();
});

// `place` is where an earlier visit had scrolled to; a page new to the reader has none.
function show(page, place) {
  const focused = document.activeElement?.id;
  document.activeElement?.blur(); // else what goes is laid out once more to lose the focus
  const isSamePage = new URL(shown).pathname === location.pathname;
  const here = partsOf(document);
  for (const [name, part] of partsOf(page)) {
    for (const unneeded of part.querySelectorAll("noscript")) unneeded.remove();
    here.get(name).replaceWith(document.adoptNode(part));
  }
  document.title = page.title;
  document.getElementById("toasts").replaceChildren(...page.getElementById("toasts").children);
  shown = withoutHash(location.href);
  const main = document.getElementById("content");
  if (main.querySelector("[hx-get], [hx-post]")) globalThis.htmx?.process(main); // it looks at every element
  document.dispatchEvent(new CustomEvent("gbese:shown", { detail: main }));
  goTo(place);
  takeFocus(main, isSamePage && focused ? document.getElementById(focused) : null);
}

// The focus goes where reading goes on: a screen reader says the heading of the page.
function takeFocus(main, kept) {
  if (main.contains(document.activeElement)) return; // a field that is wrong
  const heading = main.querySelector("h1");
  heading.tabIndex = -1;
  (kept ?? main.querySelector("[autofocus]") ?? heading).focus({ preventScroll: true });
}

async function visit(address, { body, isNew = true, place } = {}) {
  latest?.abort();
  const own = new AbortController();
  latest = own;
  document.documentElement.dataset.visiting = "";
  try {
    // What is sent is not called back: it counts, whatever is clicked next.
    const how = body ? { method: "POST", body } : { signal: own.signal };
    const answer = await fetch(address, { ...how, headers: { "Gbese-Visit": "yes" } });
    const isPage = answer.headers.get("Content-Type")?.startsWith("text/html");
    const page = new DOMParser().parseFromString(isPage ? await answer.text() : "", "text/html");
    if (latest === own) arrive(reachedBy(answer, { isSent: body !== undefined, address }), page, { isNew, place });
  } catch (failed) {
    if (latest !== own) return;
    if (body) document.dispatchEvent(new CustomEvent("gbese:failed"));
    else location.assign(address); // the page for being offline says what happened
    if (failed.name !== "TypeError") throw failed;
  } finally {
    if (latest === own) {
      latest = undefined;
      delete document.documentElement.dataset.visiting;
    }
  }
}

// The address of the page that came. What was sent may be answered by a page of another address at once;
// a form that came back with what is wrong with it has none, and stays under the one it was on.
function reachedBy(answer, { isSent, address }) {
  const shown = answer.headers.get("Content-Location");
  if (shown) return new URL(shown, answer.url).href;
  if (answer.redirected) return answer.url;
  return isSent ? undefined : address;
}

function arrive(reached, page, { isNew, place }) {
  if (!fits(page)) {
    if (!reached) document.body.replaceWith(document.adoptNode(page.body));
    else location[isNew ? "assign" : "replace"](reached);
    return;
  }
  if (isNew && reached) {
    keepPlace();
    if (reached === location.href) history.replaceState({}, "", reached);
    else history.pushState({}, "", reached);
  }
  show(page, place);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !isFramed() || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.target || FILE.test(link.pathname)) return;
  if (link.hash && withoutHash(link.href) === shown) return;
  event.preventDefault();
  visit(link.href);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isPost = form.method === "post";
  if (!isFramed() || event.defaultPrevented || form.method === "dialog" || (isPost && form.dataset.visit === undefined)) return;
  event.preventDefault();
  const address = new URL(form.getAttribute("action") ?? shown, location.href);
  const body = new URLSearchParams(new FormData(form, event.submitter));
  if (!isPost) address.search = body;
  visit(address.href, isPost ? { body } : {});
});

addEventListener("popstate", (event) => {
  const place = event.state?.place;
  if (withoutHash(location.href) === shown) goTo(place);
  else visit(location.href, { isNew: false, place: place ?? 0 });
});
