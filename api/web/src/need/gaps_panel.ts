/** What the index lacks, for a person: how many it is unknown for, what that would change, where it is to be had. */
import { type Completeness, isAbort } from '../shared/api.ts';
import { button, type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import type { AreaLevel } from '../shared/need_state.ts';
import { words } from '../shared/words.ts';
import { type Lack, worstFirst } from './gaps.ts';
import { terms } from './words.ts';

/** Asks the server what a level lacks under weights, as `poids` of the state has them. */
export type AskLacks = (level: AreaLevel, weights: string, signal: AbortSignal) => Promise<Completeness>;

/** The list of what is missing: asked for when it is looked at, and again when the level or the weights change. */
export class GapsList {
  private asked = '';
  private asking: AbortController | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly ask: AskLacks,
  ) {}

  async show(level: AreaLevel, weights: string): Promise<void> {
    const asked = `${level} ${weights}`;
    if (asked === this.asked) return;
    this.asked = asked;
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const report = await this.ask(level, weights, signal);
      if (!signal.aborted) this.render(report, level);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.asked = '';
      this.place.replaceChildren(element('p', { class: 'filters__hint' }, words.errors.unreachable));
    }
  }

  private render(report: Completeness, level: AreaLevel): void {
    const all = worstFirst(report);
    this.place.replaceChildren(
      element('p', { class: 'filters__hint' }, all.length > 0 ? `${terms.gapsKnown(format.share(report.known_share, 1))} ${terms.gapsHint}` : terms.gapsNone),
      element('ul', { class: 'lacunes' }, ...all.map((lack) => lackItem(lack, report, level))),
    );
  }
}

function lackItem(lack: Lack, { places }: Completeness, level: AreaLevel): HTMLLIElement {
  const { nom, people_unknown: people, places_unknown: unknown, index_share: share, reason, ranks, known_share: completeness, obtain = [] } = lack;
  const states: Child[] = [
    people > 0 && (unknown === places ? terms.gap.missing(people) : terms.gap.part(people, unknown, level)),
    reason !== undefined && terms.gap.reason(reason),
  ];
  const effects: Child[] = [
    terms.weighs(format.share(share, 1)),
    people > 0 && terms.fills(format.share(completeness, 1)),
    ranks !== undefined && terms.ranksMove(format.decimal(ranks.mean), ranks.max),
  ];
  return element(
    'li',
    {},
    element('b', {}, nom),
    ...states.filter(Boolean).map((text) => element('p', {}, text)),
    element('p', { class: 'lacunes__effect' }, effects.filter(Boolean).join(' ')),
    obtain.length > 0 && element('p', { class: 'lacunes__where' }, `${terms.obtainTitle}\u00a0:`),
    obtain.length > 0 && element('ul', {}, ...obtain.map(({ file, publisher, command }) => element('li', {}, element('span', {}, terms.obtain(file, publisher)), commandLine(command, nom)))),
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
