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

/** Some canvases one below the other, on the page's ground, as one PNG with a line of words under it. */
export async function pictureOf(canvases, words, ground, ink) {
  const ratio = devicePixelRatio || 1, foot = 28 * ratio, gap = 10 * ratio;
  const width = Math.max(...canvases.map((canvas) => canvas.width));
  const height = canvases.reduce((sum, canvas) => sum + canvas.height + gap, 0) + foot;
  const whole = new OffscreenCanvas(width, height), context = whole.getContext("2d");
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
  return whole.convertToBlob({ type: "image/png" });
}
