/**
 * The types of territoires of an edition. The page has words of its own for those that every
 * edition may have; the others are called what the edition calls them, in French.
 */
import type { Edition } from './api.ts';
import { words } from './words.ts';

export type Levels = Edition['levels'];
type Words = Readonly<Record<string, string>>;

/** The types that the table and the search offer, in the order of the table: what is cut the finest last, and not the département, which is one. */
export function offered(levels: Levels): string[] {
  const types = levels.map(({ type }) => type).filter((type) => type !== 'departement' && type !== 'commune');
  return [...types, 'commune'];
}

/** What one territoire of a type is called. */
export function typeName(type: string, levels: Levels): string {
  return (words.types as Words)[type] ?? levels.find((level) => level.type === type)?.label ?? type;
}

/** What many are called. */
export function levelName(type: string, levels: Levels): string {
  return (words.levels as Words)[type] ?? levels.find((level) => level.type === type)?.plural ?? type;
}
