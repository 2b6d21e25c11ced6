/**
 * Which lieux stand out on the map: those for a public, with an accessibility or a label. The
 * figures count them all, so this asks the server nothing; a lieu that does not tell is not
 * known to match, and is counted apart.
 */
import type { Api, Lieu, LieuFeature } from '../shared/api.ts';
import { byId, element } from '../shared/element.ts';
import { fold } from '../shared/names.ts';
import { FILTER_KEYS, type FilterKey, type Filters, NO_FILTER, sameFilters, type Store } from '../shared/state.ts';
import { words } from '../shared/words.ts';

/** The accessibility of a lieu of which Acceslibre says more; the server calls it so too. */
const ACCES_LIBRE = 'Fiche Accès libre';

/** What a lieu says under a filter; the values are those of the national schema. */
export function valuesOf(key: FilterKey, lieu: Lieu): readonly string[] {
  switch (key) {
    case 'public':
      return lieu.publics ?? [];
    case 'accessibilite':
      return [...(lieu.prise_en_charge ?? []), ...(lieu.acces_libre ? [ACCES_LIBRE] : [])];
    case 'label':
      return [...(lieu.dispositif?.split('|').map((text) => text.trim()).filter(Boolean) ?? []), ...(lieu.labels ?? []), ...(lieu.autres_labels ?? [])];
  }
}

/** The values of the lieux of the map under a filter with how many have each, the most frequent first. */
export function choices(key: FilterKey, lieux: readonly LieuFeature[]): [value: string, lieux: number][] {
  const counts = new Map<string, number>();
  for (const lieu of lieux) {
    if (!isWhole(lieu)) continue;
    for (const value of new Set(valuesOf(key, lieu.properties))) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b, 'fr'));
}

export interface Matching {
  /** Ids of the features that match; null: nothing is asked for. */
  readonly ids: readonly string[] | null;
  /** Lieux that match, those that do not tell, and all. */
  readonly found: number;
  readonly silent: number;
  readonly all: number;
}

/** Which lieux match all that is asked for. */
export function matching(filters: Filters, lieux: readonly LieuFeature[]): Matching {
  const asked = FILTER_KEYS.flatMap((key) => {
    const value = filters[key];
    return value === null ? [] : [{ key, value: fold(value) }];
  });
  const whole = lieux.filter(isWhole);
  if (asked.length === 0) return { ids: null, found: whole.length, silent: 0, all: whole.length };
  const matches = ({ properties }: LieuFeature) => asked.every(({ key, value }) => valuesOf(key, properties).some((own) => fold(own) === value));
  // Silent on one of what is asked, and not against any other.
  const silent = ({ properties }: LieuFeature) => asked.some(({ key }) => valuesOf(key, properties).length === 0);
  return {
    ids: lieux.filter(matches).map(({ properties }) => properties.id),
    found: whole.filter(matches).length,
    silent: whole.filter((lieu) => !matches(lieu) && silent(lieu)).length,
    all: whole.length,
  };
}

/** Stops are of a lieu that is counted. */
function isWhole({ properties }: LieuFeature): boolean {
  return properties.kind === 'lieu';
}

/** The panel, whose lists are filled when it is first opened or an address filters. */
export class FilterPanel {
  private readonly place = byId('filtres') as HTMLDetailsElement;
  private readonly clear = byId('filtres-effacer');
  private lieux: Promise<readonly LieuFeature[]> | undefined;

  /** `show` hears which lieux stand out. */
  constructor(
    private readonly api: Pick<Api, 'getLieux'>,
    private readonly store: Store,
    private readonly show: (ids: readonly string[] | null) => void,
    private readonly fault: (error: unknown) => void,
  ) {
    this.place.addEventListener('toggle', () => {
      if (this.place.open) void this.follow();
    });
    for (const select of this.selects()) {
      select.addEventListener('change', () => store.update({ filtres: { ...store.state.filtres, [keyOf(select)]: select.value || null } }));
    }
    this.clear.addEventListener('click', () => {
      store.update({ filtres: NO_FILTER });
      this.selects()[0]?.focus();
    });
    store.subscribe((state, previous) => {
      if (!sameFilters(state.filtres, previous.filtres)) void this.follow();
    });
  }

  /** Shows what the state asks for: in the lists, in words and on the map. */
  async follow(): Promise<void> {
    const asked = !sameFilters(this.store.state.filtres, NO_FILTER);
    if (!asked && !this.place.open && !this.lieux) return;
    if (asked) this.place.open = true;
    try {
      this.lieux ??= this.api.getLieux();
      const lieux = await this.lieux;
      const { filtres } = this.store.state;
      for (const select of this.selects()) this.fill(select, lieux, filtres[keyOf(select)]);
      const { ids, found, silent, all } = matching(filtres, lieux);
      byId('filtres-etat').textContent = ids ? words.filters.status(found, all, silent) : '';
      this.clear.hidden = ids === null;
      this.show(ids);
    } catch (error) {
      this.lieux = undefined;
      this.fault(error);
    }
  }

  private fill(select: HTMLSelectElement, lieux: readonly LieuFeature[], value: string | null): void {
    if (select.options.length === 0) {
      const values = choices(keyOf(select), lieux);
      select.append(
        element('option', { value: '' }, values.length > 0 ? words.filters.any : words.filters.untold),
        ...values.map(([name, count]) => element('option', { value: name }, words.filters.option(name, count))),
      );
      select.disabled = values.length === 0;
    }
    const own = [...select.options].find((option) => fold(option.value) === fold(value ?? ''));
    // An address may ask for what no lieu has: nothing matches, and it is said what was asked.
    if (!own && value) select.append(element('option', { value }, words.filters.option(value, 0)));
    select.value = own?.value ?? value ?? '';
    if (value) select.disabled = false;
  }

  private selects(): HTMLSelectElement[] {
    return [...this.place.querySelectorAll<HTMLSelectElement>('select')];
  }
}

function keyOf(select: HTMLSelectElement): FilterKey {
  return FILTER_KEYS.find((key) => key === select.dataset['filter']) ?? 'label';
}
