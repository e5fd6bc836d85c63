// What is on the screen, to take away: a picture as PNG, the numbers as CSV.

/** Offer some bytes or text as a file. */
export function save(name, content, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const quoted = (cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell));

/** Rows of cells as CSV; the first row holds the names of the columns. */
export const csvOf = (rows) => rows.map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";

const DRAWN = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "fill-opacity", "stroke-opacity", "font",
  "text-anchor", "dominant-baseline", "visibility", "display"]; // what a style sheet says of a drawing

/** A drawing (SVG) as a canvas, as sharp as the screen, with what the page's style sheet says of it. */
export async function canvasOf(drawing) {
  const { width, height } = drawing.getBoundingClientRect(), ratio = devicePixelRatio || 1, copy = drawing.cloneNode(true);
  const styled = [copy, ...copy.querySelectorAll("*")];
  [drawing, ...drawing.querySelectorAll("*")].forEach((node, i) => {
    const style = getComputedStyle(node);
    for (const name of DRAWN) styled[i].style.setProperty(name, style.getPropertyValue(name));
  });
  for (const [name, value] of Object.entries({ width, height, xmlns: "http://www.w3.org/2000/svg" })) copy.setAttribute(name, value);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await picture.decode();
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio)));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Some pictures (canvases, or drawings in SVG) one below the other, on the page's ground, as one PNG with a line of words under it. */
export async function pictureOf(pictures, words, ground, ink) {
  const canvases = await Promise.all(pictures.map((picture) => (picture instanceof SVGElement ? canvasOf(picture) : picture)));
  const ratio = devicePixelRatio || 1, foot = 28 * ratio, gap = 10 * ratio;
  const width = Math.max(...canvases.map((canvas) => canvas.width));
  const height = canvases.reduce((sum, canvas) => sum + canvas.height + gap, 0) + foot;
  const whole = Object.assign(document.createElement("canvas"), { width, height }), context = whole.getContext("2d");
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  let top = 0;
  for (const canvas of canvases) {
    context.drawImage(canvas, 0, top);
    top += canvas.height + gap;
  }
  context.fillStyle = ink;
  context.font = `${13 * ratio}px sans-serif`;
  context.fillText(words, 8 * ratio, height - 9 * ratio, width - 16 * ratio);
  // At once: a browser writes toBlob and convertToBlob when it is idle, which takes seconds while a page is busy.
  const [, packed] = whole.toDataURL("image/png").split(",");
  return new Blob([Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0))], { type: "image/png" });
}
