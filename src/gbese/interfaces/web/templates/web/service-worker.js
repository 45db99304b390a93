// Keeps the shell, so that a page can say the server is away. It never keeps a page or an answer:
// they hold people's debts.
const CACHE = "gbese-shell-{{ version }}";
const SHELL = {{ shell|safe }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
    return;
  }
  const { pathname } = new URL(request.url);
  if (SHELL.includes(pathname) && pathname !== "/offline") {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
