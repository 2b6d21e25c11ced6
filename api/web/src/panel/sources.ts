/** Where the figures come from: inputs with licence and vintage, and what is modelled rather than observed. */
import type { Edition, Input } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import { words } from '../shared/words.ts';

export function showSources(place: HTMLElement, edition: Edition): void {
  place.replaceChildren(
    element('p', {}, words.sources.edition(edition.edition, edition.program)),
    element('ul', { class: 'sources' }, ...edition.inputs.map(inputItem)),
  );
  if (edition.modelled?.length) {
    place.append(
      element('h3', {}, words.sources.modelledTitle),
      element('ul', { class: 'sources' }, ...edition.modelled.map((sentence) => element('li', {}, sentence))),
    );
  }
  if (edition.attribution) place.append(element('p', {}, edition.attribution));
}

/** One line on the inputs of these kinds, for the foot of a card: "population : INSEE 2021 (modélisé)". */
export function provenance(edition: Edition, kinds: readonly string[]): string {
  const parts = edition.inputs
    .filter(({ kind }) => kinds.includes(kind))
    .map((input) => {
      const source = [input.source ?? input.dataset, input.vintage].filter(Boolean).join(', ');
      return `${title(input)}\u00a0: ${source}${input.modelled ? ` (${words.sources.modelled})` : ''}`;
    });
  return words.details.provenance([...new Set(parts)]);
}

function inputItem(input: Input): HTMLLIElement {
  const facts = [
    input.source,
    input.vintage && words.sources.vintage(input.vintage),
    input.licence && words.sources.licence(input.licence),
    input.rows !== undefined && words.sources.rows(input.rows),
  ].filter((fact): fact is string => Boolean(fact));
  return element(
    'li',
    {},
    element('b', {}, title(input)),
    input.modelled ? element('span', { class: 'tag' }, words.sources.modelled) : null,
    facts.length > 0 && element('span', { class: 'sources__facts' }, facts.join(' · ')),
  );
}

function title({ kind, dataset }: Input): string {
  const name = words.inputs[kind] ?? dataset ?? kind;
  return name.charAt(0).toLocaleUpperCase('fr-FR') + name.slice(1);
}

