// Draws the option of a figure with ECharts, in the colours of the page, and again when they change.

// The page comes first: a figure has its table, and its picture may follow a moment later.
const isLoaded = new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  else addEventListener("load", resolve, { once: true });
});
const isPainted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

let loading;
const library = (address) => {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.dataset.late = ""; // no page comes with it
    script.onload = () => resolve(globalThis.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
};

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Amounts come written by the server; the axis alone is shortened here, by the page's language.
const shortened = new Intl.NumberFormat(document.documentElement.lang.startsWith("ar-x") ? "ar" : document.documentElement.lang, {
  notation: "compact",
  maximumFractionDigits: 1,
});

const dressed = (option) => {
  const ink = colour("--ink");
  const soft = colour("--ink-soft");
  const line = colour("--line");
  const rtl = document.documentElement.dir === "rtl";
  const axis = (kind, one) => ({
    ...one,
    axisLabel: {
      color: soft,
      hideOverlap: true,
      ...(one.type === "value" ? { formatter: (value) => shortened.format(value) } : {}),
      ...one.axisLabel,
    },
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
    ...(kind === "x" && rtl ? { inverse: true } : {}),
    ...(kind === "y" && rtl ? { position: "right" } : {}),
  });
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    ...option,
    grid: { containLabel: true, ...option.grid },
    legend: { textStyle: { color: ink }, ...option.legend },
    tooltip: {
      confine: true,
      backgroundColor: colour("--sheet"),
      borderColor: line,
      textStyle: { color: ink },
      ...option.tooltip,
      renderMode: "richText",
      formatter: (shown) => {
        const all = [shown].flat();
        const rows = all.map((one) => `${one.marker}${one.seriesName}: ${one.data.text ?? one.value}`);
        return [all[0].name, ...rows].join("\n");
      },
    },
    xAxis: option.xAxis && axis("x", option.xAxis),
    yAxis: option.yAxis && axis("y", option.yAxis),
  };
};

export async function draw(figure, address) {
  await isLoaded;
  await isPainted();
  const echarts = await library(address);
  const option = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const canvas = figure.querySelector(".chart-canvas");
  if (figure.dataset.lying) {
    const legend = option.series.length > 1 ? 44 : 0;
    canvas.style.blockSize = `${Number(figure.dataset.lying) * 36 + 48 + legend}px`;
  }
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  const paint = () => chart.setOption(dressed(option), { notMerge: true });
  paint();
  figure.dataset.drawn = "true";
  const gone = new AbortController();
  const sized = new ResizeObserver(() => chart.resize());
  sized.observe(canvas);
  document.addEventListener("gbese:theme", paint, gone);
  document.addEventListener(
    "gbese:shown",
    () => {
      if (figure.isConnected) return;
      gone.abort();
      sized.disconnect();
      chart.dispose();
    },
    gone,
  );
}
