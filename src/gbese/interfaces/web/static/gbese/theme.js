// Before the first paint: dark where the person chose it, or where the system has it and nothing is chosen.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const chosen = root.dataset.theme || "";
    root.dataset.bsTheme = chosen || (system.matches ? "dark" : "light");
    document.dispatchEvent(new Event("gbese:theme"));
  };
  system.addEventListener("change", paint);
  paint();
  globalThis.gbeseTheme = (chosen) => {
    root.dataset.theme = chosen;
    paint();
  };
})();
