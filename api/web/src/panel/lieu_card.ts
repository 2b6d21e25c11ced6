/** What the card of a lieu or of a stop says: what is known of it, what must be asked, how to reach it. */
import type { Lieu, LieuFeature, LieuServes } from '../shared/api.ts';
import { swatch } from '../shared/bar.ts';
import { type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { MOMENT_COLOURS } from '../shared/palette.ts';
import { parseMoment, type State } from '../shared/state.ts';
import { words } from '../shared/words.ts';
import type { Card } from './card.ts';
import { facts, telephoneLink } from './facts.ts';
import { momentOf, openingsList } from './openings.ts';
import { busToSection } from '../transit/bus.ts';

/** `suiting` is the section on hours that would suit the buses. */
export function lieuCard({ properties: lieu }: LieuFeature, state: State, serves?: LieuServes, suiting: Child = null): Card {
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
      lieu.modelise && element('p', { class: 'ask' }, element('b', {}, words.details.modelled)),
      lieu.dehors && element('p', { class: 'card__note' }, words.details.outside(lieu.departement)),
      asks(lieu),
      ...services(lieu),
      ...hours(lieu),
      suiting,
      ...whom(serves, state),
      ...busToSection(serves?.en_bus),
      facts(
        [words.details.address, [lieu.adresse, lieu.complement, lieu.commune].filter(Boolean).join(', ')],
        Boolean(lieu.telephone) && [words.details.telephone, telephoneLink(lieu.telephone ?? '')],
        some(lieu.courriel) && [words.details.courriel, element('span', {}, ...(lieu.courriel ?? []).map(mailLink))],
        webFact(words.details.site, lieu.site_web),
        webFact(words.details.rendezVous, lieu.rendez_vous),
        webFact(words.details.accesLibre, lieu.acces_libre),
        listFact(words.details.acces, lieu.modalites_acces),
        listFact(words.details.accompagnement, lieu.modalites_accompagnement),
        listFact(words.details.publicsReceived, lieu.publics),
        listFact(words.details.priseEnCharge, lieu.prise_en_charge),
        Boolean(lieu.frais) && [words.details.frais, format.list((lieu.frais ?? '').split('|'))],
        listFact(words.details.dispositif, lieu.dispositif?.split('|')),
        listFact(words.details.labels, [...(lieu.labels ?? []), ...(lieu.autres_labels ?? [])]),
        Boolean(lieu.tournee) && [words.details.tournee, lieu.tournee],
        Boolean(lieu.structure) && [words.details.structure, lieu.structure],
        Boolean(lieu.commentaire) && [words.details.commentaire, lieu.commentaire],
        // The source of a bus says nothing of stops that were modelled.
        Boolean(lieu.source) && !lieu.modelise && [words.details.source, [lieu.source, lieu.maj && words.details.updated(format.date(lieu.maj))].filter(Boolean).join(', ')],
      ),
      presentation(lieu),
    ],
  };
}

/** What nobody says of a lieu, and must be asked. */
function asks({ missing }: Lieu): Child {
  if (!some(missing)) return null;
  return element(
    'div',
    { class: 'ask' },
    element('h3', {}, words.details.ask),
    element('ul', { class: 'card__list' }, ...(missing ?? []).map((what) => element('li', {}, words.details.asks[what] ?? what))),
    element('p', {}, words.details.askHint),
  );
}

/** What is unknown is said once: with what must be asked, where it is there. */
function services({ services: offered = [], missing = [] }: Lieu): Child[] {
  if (offered.length === 0 && missing.includes('services')) return [];
  return [
    element('h3', {}, words.details.services),
    offered.length > 0
      ? element('ul', { class: 'card__list' }, ...offered.map((service) => element('li', {}, service)))
      : element('p', { class: 'unknown' }, words.details.noServices),
  ];
}

/** The hours when one walks in, and apart from them those by appointment. */
function hours(lieu: Lieu): Child[] {
  const title = element('h3', {}, words.details.horaires);
  const { ouvertures: walkIn, rendez_vous_ouvertures: byAppointment, hours_week: week } = lieu;
  if (!walkIn) {
    if (!lieu.horaires && lieu.missing?.includes('horaires')) return [];
    return [title, element('p', { class: 'unknown' }, lieu.horaires ? words.details.unread(lieu.horaires) : words.details.unknownHours)];
  }
  const only = walkIn.length === 0 && some(byAppointment);
  const list = facts(
    [some(byAppointment) ? words.details.walkIn : words.details.open, only ? words.details.onlyAppointments : openingsList(walkIn)],
    some(byAppointment) && [words.details.byAppointment, openingsList(byAppointment ?? [])],
    week !== undefined && walkIn.length > 0 && [words.details.openHours, words.details.perWeek(week)],
  );
  return [title, list];
}

/** Who reaches it, and for whom nothing as good would be left without it. */
function whom(serves: LieuServes | undefined, { minutes }: State): Child[] {
  if (!serves?.a_portee) return [];
  const { a_portee: within, en_dependent: depend } = serves;
  return [
    element('h3', {}, words.details.serves),
    facts(
      [words.details.servesWithin(minutes), format.people(within.people)],
      within.publics_sentence !== undefined && [words.details.dont, within.publics_sentence],
      depend !== undefined && [words.details.servesAlone, format.people(depend.people)],
      depend?.publics_sentence !== undefined && [words.details.dont, depend.publics_sentence],
    ),
  ];
}

/** The summary in sight, the whole behind it. */
function presentation({ resume, presentation: whole }: Lieu): Child {
  if (!resume && !whole) return null;
  const paragraphs = (text: string) => text.split(/\n+/).map((line) => element('p', {}, line));
  if (!resume || !whole || whole === resume) {
    return element('details', { class: 'presentation' }, element('summary', {}, words.details.presentation), ...paragraphs(whole || resume || ''));
  }
  return element('details', { class: 'presentation' }, element('summary', {}, words.details.presentation), element('p', {}, element('b', {}, resume)), ...paragraphs(whole));
}

type Fact = readonly [label: string, value: Child];

function listFact(label: string, values: readonly string[] | undefined): Fact | false {
  return some(values) && [label, format.list(values ?? [])];
}

function webFact(label: string, address: string | undefined): Fact | false {
  const host = webHost(address);
  return host !== undefined && [label, webLink(address ?? '', host)];
}

/** The host of an address that may be made a link: of the web, and of no other kind. */
export function webHost(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const { protocol, host } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? host.replace(/^www\./, '') : undefined;
}

function webLink(href: string, host: string): HTMLElement {
  return element('a', { class: 'link', href, rel: 'noopener noreferrer external' }, host);
}

function mailLink(address: string): HTMLElement {
  return element('a', { class: 'link card__mail', href: `mailto:${encodeURIComponent(address).replaceAll('%40', '@')}` }, address);
}

function some(values: readonly unknown[] | undefined): boolean {
  return values !== undefined && values.length > 0;
}
