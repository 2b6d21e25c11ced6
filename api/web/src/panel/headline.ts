/** The one sentence a person in a hurry came for, also said aloud after each change. */
import type { Gap } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { words } from '../shared/words.ts';
import type { State } from '../shared/state.ts';

/** The sentence in pieces: the figure to set large (if any) and the text after it. */
export interface Headline {
  readonly figure: string;
  readonly rest: string;
  readonly more: string;
}

export function headline(gap: Gap, state: State): Headline {
  const { blanche, grise, inconnue } = gap.classes;
  const { minutes, hours, mode, service } = state;
  const more = [
    grise > 0 ? words.headline.few(grise, hours) : '',
    inconnue > 0 ? words.headline.unknown(inconnue) : '',
  ];
  return {
    figure: blanche > 0 ? words.headline.far(blanche) : '',
    rest:
      blanche > 0
        ? words.headline.farRest(format.share(blanche, gap.population), minutes, mode, service)
        : words.headline.nobodyFar(minutes, mode, service),
    more: more.filter(Boolean).join(' '),
  };
}

/** Shows the sentence in `place`. */
export function showHeadline(place: HTMLElement, text: Headline): void {
  place.replaceChildren(
    element('p', { class: 'headline__main' }, text.figure && element('strong', {}, text.figure), text.rest),
  );
  if (text.more) place.append(element('p', { class: 'headline__more' }, text.more));
}

/** The sentence for the live region. */
export function spoken(text: Headline): string {
  return `${text.figure}${text.rest} ${text.more}`.trim();
}
