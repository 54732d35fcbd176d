// Values in Grafana's units as text, and times. Pure.

const significant = (value, digits = 3) => String(Number(value.toPrecision(digits)));

function scaled(value, steps, base = 1) {
  const [factor, sign] = steps.find(([factor]) => Math.abs(value) * base >= factor) ?? steps[steps.length - 1];
  return `${significant((value * base) / factor)}${sign}`;
}

const SECONDS = [[86400, " d"], [3600, " h"], [60, " min"], [1, " s"], [1e-3, " ms"], [1e-6, " µs"], [1e-9, " ns"]];
const BINARY = [[2 ** 40, " TiB"], [2 ** 30, " GiB"], [2 ** 20, " MiB"], [2 ** 10, " KiB"], [1, " B"]];
const DECIMAL = [[1e12, " TB"], [1e9, " GB"], [1e6, " MB"], [1e3, " kB"], [1, " B"]];
const COUNT = [[1e12, " T"], [1e9, " G"], [1e6, " M"], [1e4, " k", 1e3]].map(([from, sign, by]) => ({ from, sign, by: by ?? from }));

function short(value) {
  const step = COUNT.find(({ from }) => Math.abs(value) >= from);
  return step ? `${significant(value / step.by)}${step.sign}` : significant(value, Math.abs(value) >= 1000 ? 4 : 3);
}

const zeroOr = (write) => (value) => (value === 0 ? "0" : write(value));
const rate = (of) => (value) => `${short(value)} ${of}`;
const UNITS = {
  none: (value) => significant(value, 6),
  short,
  percent: (value) => `${significant(value)} %`,
  percentunit: (value) => `${significant(value * 100)} %`,
  s: zeroOr((value) => scaled(value, SECONDS)),
  ms: zeroOr((value) => scaled(value, SECONDS, 1e-3)),
  µs: zeroOr((value) => scaled(value, SECONDS, 1e-6)),
  ns: zeroOr((value) => scaled(value, SECONDS, 1e-9)),
  dtdurations: zeroOr((value) => scaled(value, SECONDS)),
  m: zeroOr((value) => scaled(value, SECONDS, 60)),
  h: zeroOr((value) => scaled(value, SECONDS, 3600)),
  d: zeroOr((value) => scaled(value, SECONDS, 86400)),
  bytes: zeroOr((value) => scaled(value, BINARY)),
  decbytes: zeroOr((value) => scaled(value, DECIMAL)),
  Bps: zeroOr((value) => `${scaled(value, DECIMAL)}/s`),
  binBps: zeroOr((value) => `${scaled(value, BINARY)}/s`),
  cps: rate("/s"), reqps: rate("req/s"), ops: rate("/s"), wps: rate("writes/s"), rps: rate("reads/s"), cpm: rate("/min"),
  currencyUSD: (value) => `$${Math.abs(value) < 1000 ? value.toFixed(2) : short(value)}`,
  dateTimeAsIso: (value) => new Date(value).toLocaleString(),
  dateTimeFromNow: (value) => ago(Date.now() - value),
  bool: (value) => (value ? "true" : "false"),
  bool_yes_no: (value) => (value ? "Yes" : "No"),
};

/** A value in one of Grafana's units; an unknown unit is written behind the number, `suffix:x` as x. */
export function format(value, unit = "none") {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const write = UNITS[unit];
  return write ? write(value) : `${short(value)} ${unit.replace(/^(suffix|short):/, "")}`;
}

/** Milliseconds as text. */
export const duration = (ms) => format(ms, "ms");

function ago(ms) {
  return ms < 1000 ? "now" : `${format(Math.floor(ms / 1000), "s")} ago`;
}

const AGES = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Grafana's `now`, `now-1h` or Unix milliseconds, to Unix seconds; NaN for anything else. */
export function seconds(text, now) {
  if (/^\d{10,}$/.test(text)) return Number(text) / 1000;
  const [, sign, count, unit] = /^now(?:([-+])(\d+)([smhdw]))?$/.exec(text) ?? [];
  if (sign) return now + Number(`${sign}1`) * Number(count) * AGES[unit];
  return text === "now" ? now : NaN;
}
