// What a page needs of script: menus, keys, notes, charts when they come into view. Pages work without.

const self = document.querySelector("script[data-charts]");
const toasts = document.getElementById("toasts");

const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

// Menus: one open at a time; Escape and a click elsewhere close them.
const closeMenus = (but) => {
  for (const menu of document.querySelectorAll("details[data-menu-details][open]")) {
    if (menu !== but) menu.open = false;
  }
};
document.addEventListener("click", (event) => {
  const inside = event.target.closest("details[data-menu-details]");
  closeMenus(inside);
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(".toast-note").remove();
  const menuButton = event.target.closest("[data-menu]");
  const sidebar = document.getElementById("navigation");
  if (menuButton) {
    openSidebar(menuButton.getAttribute("aria-expanded") !== "true");
  } else if (sidebar?.classList.contains("is-open") && !event.target.closest("#navigation")) {
    openSidebar(false);
  }
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) closer.closest("dialog")?.close();
  const printer = event.target.closest("[data-print]");
  if (printer) globalThis.print();
});

function openSidebar(open) {
  const button = document.querySelector("[data-menu]");
  const sidebar = document.getElementById("navigation");
  if (!button || !sidebar) return;
  sidebar.classList.toggle("is-open", open);
  button.setAttribute("aria-expanded", String(open));
  if (open) sidebar.querySelector("a")?.focus();
  else if (sidebar.contains(document.activeElement)) button.focus();
}

// Light and dark change at once; the form behind them works without script.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  globalThis.gbeseTheme(event.submitter.value);
  const body = new FormData(form, event.submitter);
  fetch(form.action, { method: "POST", body, redirect: "manual" });
  closeMenus();
});

// A form sent twice by a double click would be one act all the same; this only spares the wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.themeForm !== undefined || event.defaultPrevented) return;
  setTimeout(() => {
    for (const button of form.querySelectorAll("button[type=submit]")) {
      button.disabled = true;
      if (button.dataset.busy) button.textContent = button.dataset.busy;
    }
  });
});
const enableButtons = () => {
  for (const button of document.querySelectorAll("form button[type=submit][disabled]")) button.disabled = false;
};
addEventListener("pageshow", enableButtons);

// Why an amount is what it is opens beside the page; without script it is a page of its own.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href*="why="]:not([data-whole])');
  const panel = document.getElementById("why");
  if (!link || !panel || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  globalThis.htmx.ajax("GET", link.href, { target: panel, swap: "innerHTML" }).then(() => {
    if (!panel.open) panel.showModal();
  });
});
addEventListener("beforeprint", () => {
  for (const step of document.querySelectorAll(".why details")) step.open = true;
});

// Filters apply when they change.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=date]")) form.requestSubmit();
});
// Empty filters stay out of the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-filters]")) return;
  for (const [name, value] of [...event.formData.entries()]) {
    if (value === "") event.formData.delete(name);
  }
});

// Keys.
let went = false;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu-details][open]");
    closeMenus();
    open?.querySelector("summary")?.focus();
    openSidebar(false);
  }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (went) {
    went = false;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  switch (event.key) {
    case "/": {
      const search = document.getElementById("search");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
      break;
    }
    case "?":
      event.preventDefault();
      document.getElementById("keyboard-help")?.showModal();
      break;
    case "g":
      went = true;
      setTimeout(() => {
        went = false;
      }, 1500);
      break;
    case "n":
      document.querySelector("[data-new]")?.click();
      break;
    case "j":
    case "k":
      moveRow(event.key === "j" ? 1 : -1);
      break;
  }
});

function moveRow(step) {
  const links = [...document.querySelectorAll("table[data-rows] .row-link")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
}

// What the server refuses or cannot answer is told, not swallowed.
const tell = (text) => {
  const note = document.createElement("div");
  note.className = "toast-note toast-error";
  const words = document.createElement("span");
  words.textContent = text;
  note.append(words);
  toasts.append(note);
  setTimeout(() => note.remove(), 8000);
};
for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, () => tell(toasts.dataset.failed));
}
document.addEventListener("gbese:failed", () => {
  enableButtons();
  tell(toasts.dataset.failed);
});
const fadeNotes = () => {
  const notes = [...toasts.querySelectorAll(".toast-success, .toast-info")];
  setTimeout(() => {
    for (const note of notes) note.remove();
  }, 10000);
};
fadeNotes();

// The first start guesses the time zone from this computer; the person may choose another.
const zone = document.querySelector("select[data-time-zone]");
if (zone?.value === "UTC") {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === here)) zone.value = here;
}

// A wrong form: the first field that is wrong has the focus.
const focusFirstWrong = (root) => root.querySelector(".field-wrong :is(input, select, textarea)")?.focus();
focusFirstWrong(document);

// Charts are loaded when one comes near; no page waits for them.
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      drawn(entry.target);
    }
  },
  { rootMargin: "200px" },
);
const drawn = async (figure) => {
  const charts = await import(self.dataset.charts);
  await charts.draw(figure, self.dataset.echarts);
};
const watch = (root) => {
  for (const figure of root.querySelectorAll("figure[data-chart]")) near.observe(figure);
};
watch(document);
addEventListener("beforeprint", () => {
  for (const figure of document.querySelectorAll("figure[data-chart]:not([data-drawn])")) drawn(figure);
});
document.addEventListener("htmx:afterSwap", (event) => {
  watch(event.detail.target);
});

// Another page is shown in the same frame.
document.addEventListener("gbese:shown", (event) => {
  closeMenus();
  openSidebar(false);
  fadeNotes();
  focusFirstWrong(event.detail);
  watch(event.detail);
});

if ("serviceWorker" in navigator && isSecureContext) {
  navigator.serviceWorker.register(self.dataset.worker, { scope: "/" }).catch(() => undefined);
}
