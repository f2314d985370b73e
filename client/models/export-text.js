/** Predictions as the text of a file. */

const CSV_COLUMNS = {
  id: (row) => row.id,
  created_at: (row) => row.createdAt,
  file_name: (row) => row.fileName ?? "",
  label: (row) => row.label,
  confidence: (row) => row.confidence,
  correction: (row) => row.correction?.label ?? "",
  model: (row) => row.model.name,
  model_version: (row) => row.model.version,
  width_pixels: (row) => row.image.width,
  height_pixels: (row) => row.image.height,
  format: (row) => row.image.format,
  size_bytes: (row) => row.image.bytes,
  sha256: (row) => row.image.sha256,
  duration_ms: (row) => row.durationMs,
  other_labels: (row) =>
    row.scores
      .slice(1)
      .map(({ label, probability }) => `${label} ${probability}`)
      .join("; "),
};
const LINE_END = "\r\n"; // RFC 4180
/** Spreadsheets run a cell that begins with one of these: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA_START = /^[=+\-@\t\r]/;

export function asCsv(rows) {
  const lines = rows.map((row) =>
    Object.values(CSV_COLUMNS)
      .map((read) => cell(read(row)))
      .join(","),
  );
  return [Object.keys(CSV_COLUMNS).join(","), ...lines, ""].join(LINE_END);
}

export function asJson(rows) {
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function cell(value) {
  if (typeof value === "number") return String(value);
  const text = FORMULA_START.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
