/** The card of one thing: a territoire, a zone blanche, a lieu or an inhabited cell. */
import {
  type Api,
  type Edition,
  type Gap,
  isAbort,
  type LieuFeature,
  type Maille,
  type MomentPeople,
  OtherEdition,
  Problem,
  Unreachable,
  type Zone,
} from '../shared/api.ts';
import { classBar, swatch } from '../shared/bar.ts';
import { CLASS_ORDER } from '../shared/legend.gen.ts';
import { button, type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { words } from '../shared/words.ts';
import { indexSection } from './fragility.ts';
import { momentOf, openingsList } from './openings.ts';
import { CLASS_COLOURS, type Hex, MOMENT_COLOURS, MOMENT_STATES } from '../shared/palette.ts';
import { provenance } from './sources.ts';
import { parseMoment, type Selection, type State } from '../shared/state.ts';

/** What the card needs from the page around it. */
export interface Surroundings {
  readonly api: Api;
  readonly edition: () => Edition | undefined;
  readonly zones: () => readonly Zone[];
  /** Rows already loaded, whatever their level. */
  readonly gaps: () => readonly Gap[];
  readonly select: (selection: Selection | null) => void;
  readonly showCommunesOf: (epci: Gap) => void;
}

interface Card {
  readonly kind: string;
  readonly title: string;
  readonly body: readonly Child[];
  /** Kinds of inputs that the figures rest on. */
  readonly inputs: readonly string[];
}

const COMMUNES_SHOWN = 6;
/** Kinds of inputs that access figures rest on. */
const FIGURES = ['communes', 'population', 'lieux', 'france-services', 'roads', 'tournees'];

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
    this.place.hidden = false;
    this.place.scrollTop = 0;
    if (takeFocus) heading.focus({ preventScroll: window.innerWidth >= 960 });
  }

  private async card(selection: Selection, state: State, signal: AbortSignal): Promise<Card> {
    switch (selection.kind) {
      case 'territoire': {
        const known = this.around.gaps().find((gap) => `${gap.type}:${gap.code}` === selection.id);
        const gap = known ?? (await this.around.api.getTerritoire(selection.id, state, signal));
        return this.territoireCard(gap, state.vue === 'moment' && momentSection(state, await this.momentOf(gap, state, signal)));
      }
      case 'zone': {
        const zone = this.around.zones().find(({ id }) => String(id) === selection.id);
        if (!zone) throw new Problem(404, words.details.notFound, undefined);
        return this.zoneCard(zone);
      }
      case 'lieu': {
        const lieu = (await this.around.api.getLieux()).find(({ properties }) => properties.id === selection.id);
        if (!lieu) throw new Problem(404, words.details.notFound, undefined);
        return lieuCard(lieu, state);
      }
      case 'maille': {
        const maille = await this.around.api.getMaille(selection.id, state, signal);
        return this.mailleCard(maille, state, maille.moment && momentSection(state, maille.moment.people));
      }
    }
  }

  /** What the people of a territoire find at the moment of the state. */
  private async momentOf({ type, code }: Gap, state: State, signal: AbortSignal): Promise<MomentPeople | undefined> {
    const { territoires } = await this.around.api.getMoment(state, signal, type);
    return territoires.find((row) => row.code === code)?.people;
  }

  private territoireCard(gap: Gap, moment: Child): Card {
    const zones = this.around.zones().filter(({ epci }) => gap.type === 'epci' && epci.some(({ code }) => code === gap.code));
    const ranked = this.around.gaps().filter(({ type }) => type === gap.type).length;
    const unreached = (['no_path', 'no_road', 'unknown'] as const).flatMap((reason) => {
      const people = gap.unreached?.[reason] ?? 0;
      return people > 0 ? [`${format.people(people)} ${words.details.unreached[reason]}`] : [];
    });
    return {
      kind: (words.types as Readonly<Record<string, string>>)[gap.type] ?? gap.type,
      title: gap.nom,
      inputs: FIGURES,
      body: [
        classBar(gap, { decorative: true }),
        element(
          'ul',
          { class: 'card__classes' },
          ...CLASS_ORDER.map((classe) => shareItem(CLASS_COLOURS[classe], classe === 'inconnue', words.classes[classe], gap.classes[classe], gap.population)),
        ),
        moment,
        facts(
          [words.details.population, format.people(gap.population)],
          [words.details.medianTime, known(gap.access_min?.p50, format.minutes)],
          [words.details.ninetieth, known(gap.access_min?.p90, format.minutes)],
          [words.details.meanHours, known(gap.hours_week?.mean, format.hours)],
          [words.details.lieuxCount, known(gap.lieux, format.count)],
          [words.details.ifn, ifnText(gap.ifn)],
          gap.rank !== undefined && [
            words.details.priority,
            ranked >= gap.rank ? words.details.rankOf(gap.rank, ranked) : format.count(gap.rank),
          ],
          unreached.length > 0 && [words.details.unreachedTitle, unreached.join(', ')],
        ),
        !this.around.api.site && element('p', {}, element('a', { class: 'link', href: `./territoires/${gap.type}:${gap.code}` }, words.details.page)),
        gap.ifn && !this.around.api.site && indexSection(this.around.api, gap.type, gap.code),
        zones.length > 0 && element('h3', {}, words.details.zones),
        zones.length > 0 && element('ul', { class: 'card__links' }, ...zones.slice(0, 5).map((zone) => this.zoneLink(zone))),
        gap.type === 'epci' &&
          button({ class: 'button' }, () => this.around.showCommunesOf(gap), words.details.seeCommunes),
      ],
    };
  }

  private zoneCard(zone: Zone): Card {
    const communes = zone.communes.slice(0, COMMUNES_SHOWN).map(({ nom, people }) => `${nom} (${format.count(people)})`);
    const left = zone.communes.length - COMMUNES_SHOWN;
    if (left > 0) communes.push(words.details.moreCommunes(left));
    return {
      kind: words.zones.rank(zone.rank),
      title: zone.nom,
      inputs: FIGURES,
      body: [
        facts(
          [words.details.population, format.people(zone.people)],
          [words.details.area, format.squareKilometres(zone.area_km2)],
          [words.details.medianTime, known(zone.access_min, format.minutes) ?? words.zones.unreached],
          zone.lieu && [
            words.details.nearestLieu,
            this.lieuLink(zone.lieu.id, [zone.lieu.nom, zone.lieu.commune].filter(Boolean).join(', ')),
          ],
          [words.details.communes, communes.join(', ')],
          zone.ifn && [words.details.ifn, ifnText(zone.ifn)],
        ),
        element('h3', {}, words.details.epci),
        element('ul', { class: 'card__links' }, ...zone.epci.map(({ code, nom }) => this.territoireLink(`epci:${code}`, nom))),
      ],
    };
  }

  private mailleCard(maille: Maille, { minutes }: State, moment: Child): Card {
    const main = maille.communes[0];
    // Where no lieu is within reach, the nearest stands alone.
    const within = (maille.lieux[0]?.minutes ?? 0) <= minutes;
    const classe = maille.classe === 'inhabite' ? undefined : maille.classe;
    return {
      kind: words.details.maille,
      title: main ? words.details.mailleOf(main.nom) : maille.cell,
      inputs: FIGURES,
      body: [
        classe &&
          element(
            'p',
            { class: 'card__class' },
            swatch(CLASS_COLOURS[classe], classe === 'inconnue'),
            element('b', {}, `${words.details.class}\u00a0: ${words.classes[classe].toLocaleLowerCase('fr-FR')}`),
          ),
        facts(
          [words.details.population, format.people(maille.people)],
          [words.details.accessTime, known(maille.access_min, format.minutes) ?? this.whyUnreached(maille)],
          [
            words.details.weeklyHours,
            known(maille.hours_week, format.hours) ?? (maille.classe === 'inconnue' ? words.details.unknownHours : undefined),
          ],
          [words.details.ifn, ifnText(maille.ifn)],
        ),
        maille.people > 0 && moment,
        element('h3', {}, words.details.communes),
        element(
          'ul',
          { class: 'card__links' },
          ...maille.communes.flatMap(({ code, nom, epci, epci_nom: epciNom }, index) => [
            this.territoireLink(`commune:${code}`, nom),
            index === 0 && epci && epciNom ? this.territoireLink(`epci:${epci}`, epciNom) : null,
          ]),
        ),
        maille.lieux && maille.lieux.length > 0 && element('h3', {}, within ? words.details.lieux : words.details.nearest),
        maille.lieux && maille.lieux.length > 0 && element('ul', { class: 'card__links' }, ...maille.lieux.map((lieu) => this.reachedLieu(lieu))),
        element('p', { class: 'card__note' }, words.details.resolution(maille.cell, maille.resolution)),
      ],
    };
  }

  private reachedLieu(lieu: NonNullable<Maille['lieux']>[number]): HTMLLIElement {
    const facts = [
      lieu.moment && words.moment.states[lieu.moment].toLocaleLowerCase(),
      lieu.commune,
      known(lieu.minutes, format.minutes),
      known(lieu.hours_week, words.details.perWeek) ?? words.details.unknownHours,
    ];
    return element('li', {}, this.lieuLink(lieu.id, lieu.nom), element('small', {}, facts.filter(Boolean).join(' · ')));
  }

  private whyUnreached({ reach }: Maille): string | undefined {
    return reach && reach !== 'reached' ? words.details.unreached[reach] : undefined;
  }

  private zoneLink(zone: Zone): HTMLLIElement {
    const open = () => this.around.select({ kind: 'zone', id: String(zone.id) });
    return element('li', {}, button({ class: 'link' }, open, zone.nom), element('small', {}, format.people(zone.people)));
  }

  private territoireLink(id: string, nom: string): HTMLLIElement {
    return element('li', {}, button({ class: 'link' }, () => this.around.select({ kind: 'territoire', id }), nom));
  }

  private lieuLink(id: string, nom: string): HTMLButtonElement {
    return button({ class: 'link' }, () => this.around.select({ kind: 'lieu', id }), nom);
  }
}

/** What went wrong, for a person. */
function sentence(error: unknown): string {
  if (error instanceof OtherEdition) return words.errors.otherEdition;
  if (error instanceof Unreachable) return words.errors.unreachable;
  return error instanceof Problem && error.status !== 404 ? error.detail : words.details.notFound;
}

function lieuCard({ properties: lieu }: LieuFeature, state: State): Card {
  const services = lieu.services ?? [];
  const moment = parseMoment(state.quand);
  const at = momentOf(lieu.ouvertures, moment);
  return {
    kind: lieu.kind === 'arret' ? words.details.stop : lieu.itinerant ? words.details.itinerant : words.details.fixed,
    title: lieu.nom,
    inputs: lieu.kind === 'arret' ? ['tournees'] : ['lieux'],
    body: [
      state.vue === 'moment' &&
        element(
          'p',
          { class: 'card__class' },
          swatch(MOMENT_COLOURS[at], at === 'inconnu'),
          element('b', {}, words.moment.at(words.moment.when(moment.day, moment.minutes), words.moment.states[at])),
        ),
      facts(
        [words.details.address, [lieu.adresse, lieu.commune].filter(Boolean).join(', ')],
        [words.details.horaires, lieu.ouvertures ? openingsList(lieu.ouvertures) : lieu.horaires ? words.details.unread(lieu.horaires) : words.details.unknownHours],
        lieu.hours_week !== undefined && [words.details.openHours, words.details.perWeek(lieu.hours_week)],
        Boolean(lieu.tournee) && [words.details.tournee, lieu.tournee],
        Boolean(lieu.source) && [
          words.details.source,
          [lieu.source, lieu.maj && words.details.updated(format.date(lieu.maj))].filter(Boolean).join(', '),
        ],
      ),
      element('h3', {}, words.details.services),
      services.length > 0
        ? element('ul', { class: 'card__list' }, ...services.map((service) => element('li', {}, service)))
        : element('p', {}, words.details.noServices),
    ],
  };
}

type Fact = readonly [label: string, value: Child];

/** A list of facts; a missing value is said to be unknown, a `false` fact is left out. */
function facts(...all: readonly (Fact | false | undefined)[]): HTMLDListElement {
  const list = element('dl', { class: 'facts' });
  for (const fact of all) {
    if (!fact) continue;
    const [label, value] = fact;
    list.append(
      element(
        'div',
        {},
        element('dt', {}, label),
        element('dd', {}, value || element('span', { class: 'unknown' }, words.details.unknown)),
      ),
    );
  }
  return list;
}

/** People of one colour, and their share of all. */
function shareItem(colour: Hex, hatched: boolean, name: string, people: number, all: number): HTMLLIElement {
  return element(
    'li',
    {},
    swatch(colour, hatched),
    element('span', {}, name),
    element('b', {}, format.count(people)),
    element('small', {}, format.share(people, all)),
  );
}

/** What people find within reach at the moment of the state. */
function momentSection({ quand }: State, people: MomentPeople | undefined): HTMLElement | null {
  if (!people) return null;
  const { day, minutes } = parseMoment(quand);
  const all = MOMENT_STATES.reduce((sum, name) => sum + people[name], 0);
  return element(
    'div',
    {},
    element('h3', {}, words.moment.reached(words.moment.when(day, minutes))),
    element(
      'ul',
      { class: 'card__classes' },
      ...MOMENT_STATES.filter((name) => people[name] > 0).map((name) =>
        shareItem(MOMENT_COLOURS[name], name === 'inconnu', words.moment.states[name], people[name], all),
      ),
    ),
  );
}

/** The score, its two parts, and how much of the index is known. */
function ifnText(ifn: Gap['ifn']): HTMLElement | undefined {
  if (ifn?.score === undefined) return undefined;
  const { score, amenagement, publics, completeness } = ifn;
  return element(
    'span',
    {},
    words.details.outOf10(format.decimal(score)),
    amenagement !== undefined && element('small', {}, words.details.amenagement(format.decimal(amenagement))),
    publics !== undefined && element('small', {}, words.details.publics(format.decimal(publics))),
    completeness !== undefined && element('small', {}, words.details.completeness(format.share(completeness, 1))),
  );
}

function known(value: number | undefined, show: (value: number) => string): string | undefined {
  return value === undefined ? undefined : show(value);
}

