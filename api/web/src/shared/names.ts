/** Names as people type them: without accents, case, hyphens or apostrophes. */

export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/[-'’\s]+/g, ' ')
    .toLowerCase();
}

/** Whether `nom` contains `search`. */
export function matches(nom: string, search: string): boolean {
  return fold(nom).includes(fold(search).trim());
}

/** A name with its commune, where it does not say it: there are many "Bibliothèque municipale". */
export function placed({ nom, commune }: { readonly nom: string; readonly commune?: string }): string {
  return commune && !matches(nom, commune) ? `${nom} (${commune})` : nom;
}

/** What can be found by its name, or by words beside it such as an address. */
export interface Place {
  readonly nom: string;
  readonly beside: string;
}

/**
 * The places that `search` names, `most` of them: those whose name begins so, then those
 * with a word that does, then those that contain it, then those that only have it beside
 * their name; within each, in the order given.
 */
export function ranked<T extends Place>(places: readonly T[], search: string, most: number): T[] {
  const sought = fold(search).trim();
  if (!sought) return [];
  const rank = ({ nom, beside }: Place): number => {
    const name = fold(nom);
    if (name.startsWith(sought)) return 0;
    if (name.includes(` ${sought}`)) return 1;
    if (name.includes(sought)) return 2;
    return fold(beside).includes(sought) ? 3 : 4;
  };
  return places
    .map((place) => ({ place, rank: rank(place) }))
    .filter((found) => found.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ place }) => place);
}
