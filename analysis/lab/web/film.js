// The container of films: gzip of "GSF1", the length of a header, the header as JSON, and columns of numbers one after another.
// sim/runs/film/container.py writes it and says what each column means.

const KINDS = {
  uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array,
  uint32: Uint32Array, int32: Int32Array, float32: Float32Array,
};

/** The bytes of a gzip'd part, unpacked. */
export async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** {about, columns: {name: typed array}, shape: {name: [rows, ...]}} of a part. Throws an Error where it is no such part. */
export async function readFilm(bytes) {
  const whole = await unpacked(bytes);
  const mark = new TextDecoder().decode(new Uint8Array(whole, 0, 4));
  if (mark !== "GSF1") throw new Error("not a film");
  const length = new DataView(whole).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 8, length)));
  const begin = Math.ceil((8 + length) / 8) * 8;
  const columns = {}, shape = {};
  for (const [name, column] of Object.entries(header.columns)) {
    const size = column.shape.reduce((product, n) => product * n, 1);
    columns[name] = new KINDS[column.dtype](whole, begin + column.offset, size);
    shape[name] = column.shape;
  }
  return { about: header.about ?? {}, columns, shape };
}

/** Column `which` of a table of (rows, width) numbers, as an array of its own. */
export function columnOf(film, name, which) {
  const width = film.shape[name][1], table = film.columns[name];
  return Array.from({ length: film.shape[name][0] }, (_, row) => table[row * width + which]);
}

/** Sums so far: element i is the sum of the first i + 1 numbers. */
export function running(numbers) {
  let sum = 0;
  return Array.from(numbers, (number) => (sum += number));
}

/** Sums over the last `many` places. */
export function moving(numbers, many) {
  const sums = running(numbers);
  return sums.map((sum, i) => sum - (i >= many ? sums[i - many] : 0));
}

/** Place of the last entry of an ascending column in [begin, end) that is at most `value`; begin - 1 where there is none. */
export function lastAt(column, begin, end, value) {
  let low = begin, high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
