/** What the index lacks, for a person: how many it is unknown for, what that would change, where it is to be had. */
import { button, type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { type Lack, lacks } from './gaps.ts';
import { nameOf } from './labels.ts';
import type { Level, View } from './view.ts';
import { terms } from './words.ts';

export function showGaps(place: HTMLElement, level: Level, view: View): void {
  const all = lacks(level, view);
  place.replaceChildren(
    element('p', { class: 'filters__hint' }, all.length > 0 ? terms.gapsHint : terms.gapsNone),
    element('ul', { class: 'lacunes' }, ...all.map((lack) => lackItem(lack, view))),
  );
}

function lackItem({ figure, people, places, old, proxy, share, moves, completeness, shift }: Lack, { points, need }: View): HTMLLIElement {
  const everywhere = places === points.territoires.length;
  const states: Child[] = [
    people > 0 && (everywhere ? terms.gap.missing(people) : terms.gap.part(people, places, need.par)),
    old && terms.gap.old(old),
    proxy ? terms.gap.proxy(proxy) : false,
  ];
  const effects: Child[] = [
    terms.weighs(format.share(share, 1)),
    people > 0 && moves > 0 && terms.moves(format.hundredths(moves), format.share(completeness, 1)),
    shift !== undefined && terms.shifts(shift, need.par),
  ];
  return element(
    'li',
    {},
    element('b', {}, nameOf(figure)),
    ...states.filter(Boolean).map((text) => element('p', {}, text)),
    element('p', { class: 'lacunes__effect' }, effects.filter(Boolean).join(' ')),
    figure.obtain.length > 0 && element('p', { class: 'lacunes__where' }, `${terms.obtainTitle}\u00a0:`),
    figure.obtain.length > 0 &&
      element('ul', {}, ...figure.obtain.map(({ file, publisher, command }) => element('li', {}, element('span', {}, terms.obtain(file, publisher)), commandLine(command, nameOf(figure))))),
  );
}

/** A command as text, with a button that copies it and says so. */
function commandLine(command: string, of: string): HTMLElement {
  const said = element('span', { class: 'lacunes__said', role: 'status' });
  const copy = button({ class: 'button button--quiet', 'aria-label': `${terms.copy} (${of})` }, () => {
    void navigator.clipboard.writeText(command).then(() => (said.textContent = terms.copied), () => getSelection()?.selectAllChildren(code));
  }, terms.copy);
  const code = element('code', {}, command);
  return element('p', { class: 'lacunes__command' }, code, copy, said);
}
