/**
 * Numbers and quantities as readers of the page write them; in French: comma for decimals,
 * narrow no-break space (U+202F) for thousands and before %, no-break space
 * (U+00A0) before a unit. Every function takes the unit its name says.
 */

import { ENGLISH, LOCALE } from './lang.ts';

const NBSP = '\u00a0';
const NARROW = '\u202f';
const PERCENT = ENGLISH ? '%' : `${NARROW}%`;

const integer = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const fixedDecimal = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDecimals = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const plurals = new Intl.PluralRules(LOCALE);

/** The singular for 0, 1 and what lies between, as French has it. */
export function plural(count: number, one: string, other: string): string {
  return plurals.select(count) === 'one' ? one : other;
}

export function count(value: number): string {
  return integer.format(value);
}

/** "1 habitant", "63 200 habitants". */
export function people(value: number): string {
  return `${integer.format(value)}${NBSP}${ENGLISH ? plural(value, 'person', 'people') : plural(value, 'habitant', 'habitants')}`;
}

/**
 * `part` of `whole` in percent, one decimal at most as on the server's pages, and never "0 %" for
 * somebody nor "100 %" when somebody is left out. Empty when `whole` is 0.
 */
export function share(part: number, whole: number): string {
  if (whole <= 0) return '';
  const percent = (100 * part) / whole;
  if (part > 0 && percent < 0.1) return `<${NARROW}${oneDecimal.format(0.1)}${PERCENT}`;
  if (part < whole && percent > 99.9) return `>${NARROW}${oneDecimal.format(99.9)}${PERCENT}`;
  return `${oneDecimal.format(percent)}${PERCENT}`;
}

/** "14,5 min": one decimal at most, as on the server's pages. */
export function minutes(value: number): string {
  return `${oneDecimal.format(value)}${NBSP}min`;
}

/** "15 minutes", "1 minute". */
export function minutesInWords(value: number): string {
  return `${oneDecimal.format(value)}${NBSP}${plural(value, 'minute', 'minutes')}`;
}

/** Hours a week: "17,5 h". */
export function hours(value: number): string {
  return `${oneDecimal.format(value)}${NBSP}h`;
}

/** A score of the index as the server's pages write it: of its two decimals, one. */
export function score(value: number): string {
  return decimal(Math.round(100 * value) / 100);
}

/** A score or a bound, with one decimal always: "4,0". */
export function decimal(value: number): string {
  return fixedDecimal.format(value);
}

/** A share of a score, with two decimals always: "0,94". */
export function hundredths(value: number): string {
  return twoDecimals.format(value);
}

/** A value in the unit of an imported column: "12,3 min", "21 % de la population". */
export function quantity(value: number, unit: string): string {
  return `${(Math.abs(value) < 100 ? oneDecimal : integer).format(value)}${unit.startsWith('%') ? NARROW : NBSP}${unit}`;
}

export function squareKilometres(value: number): string {
  return `${value < 100 ? oneDecimal.format(value) : integer.format(value)}${NBSP}km²`;
}

/** "+33323264000" or "0323264000" as "03 23 26 40 00"; a number of another country as it is. */
export function telephone(text: string): string {
  const national = text.replace(/[\s.()-]/g, '').replace(/^(\+|00)33/, '0').replace(/^00/, '0');
  return /^0\d{9}$/.test(national) ? (national.match(/../g) ?? []).join(NBSP) : text;
}

/** An ISO date as "1 août 2024"; anything else as it is. */
export function date(iso: string): string {
  if (!/^\d{4}-\d{2}-\d{2}/.test(iso)) return iso;
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number) as [number, number, number];
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeZone: 'UTC' }).format(Date.UTC(year, month - 1, day));
}

/** "a, b et c". */
export function list(items: readonly string[]): string {
  return new Intl.ListFormat(LOCALE, { type: 'conjunction' }).format(items);
}
