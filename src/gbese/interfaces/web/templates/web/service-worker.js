// Keeps the shell, so that a page can say the server is away. It never keeps a page or an answer:
// they hold people's debts.
const CACHE = "gbese-shell-{{ version }}";
const SHELL = {{ shell|safe }};

self.addEventListener("install", (event) => {
  // Parts of pages and what is asked of the server by script go there without waking the worker.
  const ours = { or: [{ requestMode: "navigate" }, { urlPattern: "/static/*" }] };
  event.addRoutes?.([{ condition: { not: ours }, source: "network" }]).catch(() => undefined);
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.registration.navigationPreload?.enable())
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    // The page is asked for while the worker still wakes.
    const page = event.preloadResponse ?? Promise.resolve();
    event.respondWith(page.then((loaded) => loaded ?? fetch(request)).catch(() => caches.match("/offline")));
    return;
  }
  const { pathname } = new URL(request.url);
  if (SHELL.includes(pathname) && pathname !== "/offline") {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
