/**
 * The one sentence a person in a hurry came for: who has nothing, and who depends on what must
 * be checked, which is another thing. Also said aloud after each change. In French it is the
 * sentence that the server writes on its pages (geo/french).
 */
import type { Gap } from '../shared/api.ts';
import { button, element } from '../shared/element.ts';
import { words } from '../shared/words.ts';
import { byTimetable, type State } from '../shared/state.ts';

/** A figure to set large, empty when there is none, and the text after it. */
export interface Clause {
  readonly figure: string;
  readonly rest: string;
  /** The list that names them. */
  readonly list?: 'zones' | 'verifier';
}

export interface Headline {
  /** The service that is asked for; empty when any is. */
  readonly service: string;
  readonly main: readonly Clause[];
  readonly more: string;
}

/** `unnamed`: no source says who offers the service. */
export function headline(gap: Gap, { minutes, mode, hours, service: asked }: State, unnamed: boolean): Headline {
  const { blanche, grise, inconnue, couverte } = gap.classes;
  const { headline: said } = words;
  const service = asked === 'tous' ? '' : words.services[asked];
  if (unnamed) {
    const nothing = { figure: said.figure(blanche), rest: said.whateverService(blanche, minutes, mode), list: 'zones' } as const;
    return { service, main: [{ figure: said.unknown, rest: said.unnamed(blanche > 0), list: 'verifier' }, ...(blanche > 0 ? [nothing] : [])], more: '' };
  }
  const main: Clause[] = [];
  if (blanche > 0) main.push({ figure: said.figure(blanche), rest: said.nothing(blanche, minutes, mode, inconnue > 0), list: 'zones' });
  if (inconnue > 0) {
    const others = blanche === 0 && grise + couverte > 0 ? said.theRest(minutes, mode) : '';
    main.push({ figure: blanche > 0 ? said.others(inconnue) : said.figure(inconnue), rest: `${said.depend(inconnue)}${others}.`, list: 'verifier' });
  }
  if (main.length === 0) main.push({ figure: '', rest: said.nobody(minutes, mode) });
  return { service, main, more: grise > 0 ? (byTimetable(mode) ? words.timetable.few(grise, hours, gap.grise_without_hours) : said.few(grise, hours)) : '' };
}

/** Shows the sentence in `place`; `go` leads to the list that a clause speaks of. */
export function showHeadline(place: HTMLElement, { service, main, more }: Headline, go: (list: 'zones' | 'verifier') => void): void {
  place.replaceChildren(
    ...(service ? [element('p', { class: 'headline__service' }, service)] : []),
    ...main.map(({ figure, rest, list }, at) =>
      element(
        'p',
        { class: at > 0 ? 'headline__main headline__main--second' : 'headline__main' },
        figure && element('strong', { class: list === 'zones' && 'is-need' }, figure),
        rest,
        list && ' ',
        list && button({ class: 'link' }, () => go(list), list === 'zones' ? words.headline.toZones : words.headline.toCheck),
      ),
    ),
  );
  if (more) place.append(element('p', { class: 'headline__more' }, more));
}

/** The sentence for the live region. */
export function spoken({ service, main, more }: Headline): string {
  return [service && `${service}.`, ...main.map(({ figure, rest }) => `${figure}${rest}`), more].filter(Boolean).join(' ');
}
