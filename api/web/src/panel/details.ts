/** The card of one thing: a territoire, a zone blanche, a lieu or an inhabited cell; how it opens, closes and gives the focus back. */
import { type Gap, isAbort, type MomentPeople, OtherEdition, Problem, Unreachable } from '../shared/api.ts';
import { button, element } from '../shared/element.ts';
import type { Selection, State } from '../shared/state.ts';
import { words } from '../shared/words.ts';
import { type Card, lieuLink, mailleCard, type Surroundings, territoireCard, zoneCard } from './card.ts';
import { momentSection } from './facts.ts';
import { lieuCard } from './lieu_card.ts';
import { provenance } from './sources.ts';
import { suitingSection } from './suiting.ts';
import { tripsSection } from '../transit/trips.ts';

export class Details {
  private opener: Element | null = null;
  private loading: AbortController | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly around: Surroundings,
  ) {}

  get isOpen(): boolean {
    return !this.place.hidden;
  }

  /** Shows `selection`; the focus goes to the card only when a person asked for it. */
  async open(selection: Selection, state: State, { takeFocus }: { readonly takeFocus: boolean }): Promise<void> {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    if (takeFocus && !this.place.contains(document.activeElement)) this.opener = document.activeElement;
    const slow = setTimeout(() => this.render({ kind: '', title: words.details.loading, body: [], inputs: [] }, takeFocus), 200);
    try {
      const card = await this.card(selection, state, loading.signal);
      if (!loading.signal.aborted) this.render(card, takeFocus);
    } catch (error) {
      if (isAbort(error) || loading.signal.aborted) return;
      this.render({ kind: '', title: sentence(error), body: [], inputs: [] }, takeFocus);
    } finally {
      clearTimeout(slow);
    }
  }

  /** Hides the card and gives the focus back to whatever opened it. */
  close(): void {
    this.hide();
    this.around.select(null);
    if (this.opener instanceof HTMLElement && this.opener.isConnected) this.opener.focus();
    this.opener = null;
  }

  hide(): void {
    this.loading?.abort();
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  private render(card: Card, takeFocus: boolean): void {
    const edition = this.around.edition();
    const heading = element('h2', { class: 'card__title', id: 'details-titre', tabindex: '-1' }, card.title);
    const footing = edition
      ? [provenance(edition, card.inputs), words.details.edition(edition.edition)].filter(Boolean)
      : [];
    // What was opened of a card stays open while the card is made again.
    const opened = this.place.querySelector<HTMLDetailsElement>('.fragilite')?.open && this.place.querySelector('.card__title')?.textContent === card.title;
    this.place.replaceChildren(
      element(
        'div',
        { class: 'card__head' },
        element('div', {}, card.kind && element('p', { class: 'card__kind' }, card.kind), heading),
        button({ class: 'card__close', 'aria-label': words.details.close }, () => this.close(), '×'),
      ),
      element('div', { class: 'card__body' }, ...card.body),
      element('p', { class: 'card__foot' }, footing.join(' · ')),
    );
    const index = this.place.querySelector<HTMLDetailsElement>('.fragilite');
    if (index && opened) index.open = true;
    this.place.hidden = false;
    this.place.scrollTop = 0;
    if (takeFocus) heading.focus({ preventScroll: window.innerWidth >= 960 });
  }

  private async card(selection: Selection, state: State, signal: AbortSignal): Promise<Card> {
    switch (selection.kind) {
      case 'territoire': {
        const known = this.around.gaps().find((gap) => `${gap.type}:${gap.code}` === selection.id);
        const { api } = this.around;
        const [gap, zones] = await Promise.all([
          known ?? api.getTerritoire(selection.id, state, signal),
          // Zones cross borders: the server tells who lives on this side of them.
          api.site ? undefined : api.getZones(state, signal, selection.id),
        ]);
        return territoireCard(this.around, gap, zones, state, state.vue === 'moment' && momentSection(state, await this.momentOf(gap, state, signal)));
      }
      case 'zone':
      case 'verifier': {
        const zones = selection.kind === 'zone' ? this.around.zones() : this.around.checks();
        const zone = zones.find(({ id }) => String(id) === selection.id);
        if (!zone) throw new Problem(404, words.details.notFound, undefined);
        return zoneCard(this.around, zone, state);
      }
      case 'lieu': {
        const lieu = (await this.around.api.getLieux()).find(({ properties }) => properties.id === selection.id);
        if (!lieu) throw new Problem(404, words.details.notFound, undefined);
        // A site has no server to ask.
        return lieuCard(lieu, state, this.around.api.site ? undefined : await this.around.api.getLieu(selection.id, state, signal), suitingSection(this.around.api, selection.id, state, signal));
      }
      case 'maille': {
        const { api } = this.around;
        const byBus = state.mode === 'transit';
        const [maille, trips] = await Promise.all([
          api.getMaille(selection.id, state, signal),
          // A site has no server to ask.
          byBus && !api.site ? api.getTrips(selection.id, state, signal) : undefined,
        ]);
        const link = (id: string, nom: string) => lieuLink(this.around, id, nom);
        return mailleCard(this.around, maille, state, maille.moment && momentSection(state, maille.moment.people), byBus && maille.people > 0 && tripsSection(trips, link));
      }
    }
  }

  /** What the people of a territoire find at the moment of the state. */
  private async momentOf({ type, code }: Gap, state: State, signal: AbortSignal): Promise<MomentPeople | undefined> {
    const { territoires } = await this.around.api.getMoment(state, signal, type);
    return territoires.find((row) => row.code === code)?.people;
  }
}

/** What went wrong, for a person. */
function sentence(error: unknown): string {
  if (error instanceof OtherEdition) return words.errors.otherEdition;
  if (error instanceof Unreachable) return words.errors.unreachable;
  return error instanceof Problem && error.status !== 404 ? error.detail : words.details.notFound;
}
