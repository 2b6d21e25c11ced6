/** What the card of a territoire, a zone blanche, a lieu or an inhabited cell says. */
import type { Api, Ask, CheckZone, Edition, Gap, Maille, Zone, Zones } from '../shared/api.ts';
import { classBar, swatch } from '../shared/bar.ts';
import { button, type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { CLASS_ORDER } from '../shared/legend.gen.ts';
import { typeName } from '../shared/levels.ts';
import { CLASS_COLOURS } from '../shared/palette.ts';
import { said } from '../shared/said.ts';
import { byTimetable, type Mode, type Selection, type State } from '../shared/state.ts';
import type { Acted } from '../shared/fr_details.ts';
import { words } from '../shared/words.ts';
import { facts, ifnText, known, sentence, shareItem } from './facts.ts';
import { indexSection } from './fragility.ts';
import { placesSection } from './places.ts';
import { addedSection } from '../transit/bus.ts';
import { demandSection } from '../transit/demand.ts';

/** What the card needs from the page around it. */
export interface Surroundings {
  readonly api: Api;
  readonly edition: () => Edition | undefined;
  readonly zones: () => readonly Zone[];
  readonly checks: () => readonly CheckZone[];
  /** Rows already loaded, whatever their level. */
  readonly gaps: () => readonly Gap[];
  /** Whether no source says who offers the service that is asked for. */
  readonly unnamed: () => boolean;
  /** Chosen weights of the index, while a map of it is shown; empty: those of the structure. */
  readonly weights: () => string;
  readonly select: (selection: Selection | null) => void;
  readonly showCommunesOf: (epci: Gap) => void;
}

/** What a card says. */
export interface Card {
  readonly kind: string;
  readonly title: string;
  readonly body: readonly Child[];
  /** Kinds of inputs that the figures rest on. */
  readonly inputs: readonly string[];
}

const COMMUNES_SHOWN = 6;
const ZONES_SHOWN = 5;
const ASKS_SHOWN = 3;
/** Kinds of inputs that access figures rest on. */
const FIGURES = ['communes', 'population', 'lieux', 'france-services', 'roads', 'tournees'];
const figures = (mode: Mode): readonly string[] => (byTimetable(mode) ? [...FIGURES, 'gtfs'] : FIGURES);

/** `inside` are the zones with their people in the territoire; absent where there is no server to ask. */
export function territoireCard(around: Surroundings, gap: Gap, inside: Zones | undefined, { mode }: State, moment: Child): Card {
  const touching = <Z extends Zone>(zones: readonly Z[]) => zones.filter(({ epci }) => gap.type === 'epci' && epci.some(({ code }) => code === gap.code));
  const zones = inside?.zones ?? touching(around.zones());
  const checks = inside?.a_verifier ?? touching(around.checks());
  const weights = around.weights();
  // The page answers for streets unless it is asked otherwise.
  const asked = [byTimetable(mode) && `mode=${mode}`, weights && `weights=${weights}`].filter(Boolean).join('&');
  const ranked = around.gaps().filter(({ type }) => type === gap.type).length;
  const unreached = (['no_path', 'no_road', 'unknown'] as const).flatMap((reason) => {
    const people = gap.unreached?.[reason] ?? 0;
    return people > 0 ? [`${format.people(people)} ${words.details.unreached[reason]}`] : [];
  });
  return {
    kind: typeName(gap.type, around.edition()?.levels ?? []),
    title: gap.nom,
    inputs: figures(mode),
    body: [
      classBar(gap, { decorative: true }),
      element(
        'ul',
        { class: 'card__classes' },
        ...CLASS_ORDER.map((classe) => shareItem(CLASS_COLOURS[classe], classe === 'inconnue', words.classes[classe], gap.classes[classe], gap.population)),
      ),
      addedSection(gap.bus),
      demandSection(gap.sur_reservation, gap.sur_reservation_sentence),
      moment,
      facts(
        [words.details.population, people(gap)],
        gap.publics_sentence !== undefined && [words.details.dont, sentence(gap.publics_sentence)],
        toCheck(gap),
        [said(mode).medianTime, known(gap.access_min?.p50, format.minutes)],
        [said(mode).ninetieth, known(gap.access_min?.p90, format.minutes)],
        [said(mode).meanHours, known(gap.hours_week?.mean, format.hours)],
        byTimetable(mode) && gap.grise_without_hours > 0 && [words.timetable.withoutHoursLabel, element('span', {}, format.people(gap.grise_without_hours), element('small', {}, words.timetable.noHours))],
        // Who offers a service of which no source speaks is not nobody: it is unknown.
        [words.details.lieuxCount, around.unnamed() ? undefined : known(gap.lieux, format.count)],
        [words.details.ifn, ifnText(gap.ifn)],
        gap.rank !== undefined && [
          words.details.priority,
          ranked >= gap.rank ? words.details.rankOf(gap.rank, ranked) : format.count(gap.rank),
        ],
        unreached.length > 0 && [words.details.unreachedTitle, unreached.join(', ')],
      ),
      !around.api.site && element('p', {}, element('a', { class: 'link', href: `./territoires/${gap.type}:${gap.code}${asked && `?${asked}`}` }, words.details.page)),
      gap.ifn && !around.api.site && indexSection(around.api, gap.type, gap.code, weights),
      zones.length > 0 && element('h3', {}, words.details.zones),
      zones.length > 0 && element('ul', { class: 'card__links' }, ...zones.slice(0, ZONES_SHOWN).map((zone) => zoneLink(around, 'zone', zone, inside !== undefined))),
      checks.length > 0 && element('h3', {}, words.details.checkZones),
      checks.length > 0 && element('ul', { class: 'card__links' }, ...checks.slice(0, ZONES_SHOWN).map((zone) => zoneLink(around, 'verifier', zone, inside !== undefined))),
      gap.type === 'epci' &&
        button({ class: 'button' }, () => around.showCommunesOf(gap), words.details.seeCommunes),
    ],
  };
}

/** The people of a territoire; of one that crosses the border, those who are counted here; of an outline, how they are known. */
function people({ population, partial, contour }: Gap): Child {
  return element(
    'span',
    {},
    format.people(population),
    partial && element('small', {}, words.details.partial(partial.whole)),
    contour && element('small', {}, words.details.outlined(contour)),
  );
}

/** How many what is unknown could make covered, and what that is. */
function toCheck({ to_check: { people, ...doubts } }: Pick<Gap, 'to_check'>): readonly [string, Child] | false {
  if (people === 0) return false;
  const parts = Object.entries(doubts).flatMap(([what, count]) => (count > 0 ? [words.details.toCheckOf(words.details.doubts[what] ?? what, count)] : []));
  return [words.details.toCheck, element('span', {}, words.details.toCheckPeople(people), ...parts.map((part) => element('small', {}, part)))];
}

/** A zone blanche, or one à vérifier with the lieux to ask. */
export function zoneCard(around: Surroundings, zone: Zone | CheckZone, { mode }: State): Card {
  const ask = 'ask' in zone ? zone.ask : undefined;
  const communes = zone.communes.slice(0, COMMUNES_SHOWN).map(({ nom, people }) => `${nom} (${format.count(people)})`);
  const left = zone.communes.length - COMMUNES_SHOWN;
  if (left > 0) communes.push(words.details.moreCommunes(left));
  return {
    kind: ask ? words.check.rank(zone.rank) : words.zones.rank(zone.rank),
    title: zone.nom,
    inputs: figures(mode),
    body: [
      ...askList(around, ask ?? []),
      facts(
        [words.details.population, format.people(zone.people)],
        zone.publics_sentence !== undefined && [words.details.dont, sentence(zone.publics_sentence)],
        [words.details.area, format.squareKilometres(zone.area_km2)],
        // Of a zone, whatever the mode, nothing counts: by timetable its time is that of walking.
        [words.details.medianTime, known(zone.access_min, byTimetable(mode) && !ask ? (time) => `${format.minutes(time)} (${words.timetable.onFoot})` : format.minutes) ?? words.zones.unreached],
        zone.lieu && [
          words.details.nearestLieu,
          lieuLink(around, zone.lieu.id, [zone.lieu.nom, zone.lieu.commune].filter(Boolean).join(', ')),
        ],
        [words.details.communes, communes.join(', ')],
        zone.ifn && [words.details.ifn, ifnText(zone.ifn)],
      ),
      element('h3', {}, words.details.epci),
      element('ul', { class: 'card__links' }, ...zone.epci.map(({ code, nom }) => territoireLink(around, `epci:${code}`, nom))),
    ],
  };
}

/** `trips` is how its people travel by timetable, where that is asked. */
export function mailleCard(around: Surroundings, maille: Maille, { minutes, mode }: State, moment: Child, trips: Child): Card {
  const main = maille.communes[0];
  // Where no lieu is within reach, the nearest stands alone.
  const within = (maille.lieux[0]?.minutes ?? 0) <= minutes;
  const classe = maille.classe === 'inhabite' ? undefined : maille.classe;
  return {
    kind: words.details.maille,
    title: main ? words.details.mailleOf(main.nom) : maille.cell,
    inputs: figures(mode),
    body: [
      classe &&
        element(
          'p',
          { class: 'card__class' },
          swatch(CLASS_COLOURS[classe], classe === 'inconnue'),
          element('b', {}, words.details.classIs(words.classes[classe].toLocaleLowerCase('fr-FR'))),
        ),
      ...askList(around, maille.ask),
      facts(
        [words.details.population, format.people(maille.people)],
        maille.publics_sentence !== undefined && [words.details.dont, sentence(maille.publics_sentence)],
        [said(mode).accessTime, timeOf(maille, minutes, mode) ?? whyUnreached(maille)],
        [
          said(mode).weeklyHours,
          hoursOf(maille, mode),
        ],
        toCheck(maille),
        [words.details.ifn, ifnText(maille.ifn)],
        maille.agir && [words.details.lacking, lacking(maille.agir)],
      ),
      maille.people > 0 && moment,
      trips,
      demandSection(maille.sur_reservation, maille.sur_reservation?.sentence, maille.sur_reservation?.zones),
      placesSection(maille, mode),
      element('h3', {}, words.details.communes),
      element(
        'ul',
        { class: 'card__links' },
        ...maille.communes.flatMap(({ code, nom, epci, epci_nom: epciNom }, index) => [
          territoireLink(around, `commune:${code}`, nom),
          index === 0 && epci && epciNom ? territoireLink(around, `epci:${epci}`, epciNom) : null,
        ]),
      ),
      maille.lieux && maille.lieux.length > 0 && element('h3', {}, within ? words.details.lieux : words.details.nearest),
      maille.lieux && maille.lieux.length > 0 && element('ul', { class: 'card__links' }, ...maille.lieux.map((lieu) => reachedLieu(around, lieu, mode))),
      element('p', { class: 'card__note' }, words.details.resolution(maille.cell, maille.resolution)),
    ],
  };
}

/** The fragile people of a cell who lack help, and its rank among all. */
function lacking(agir: Acted): Child {
  return element('span', {}, known(agir.fragile_people, format.decimal) ?? words.table.unknown, element('small', {}, words.details.act(agir)));
}

/** The time of a cell; by timetable, whether it is that of walking, where nothing else counts. */
function timeOf({ access_min: time, hours_week: hours }: Maille, minutes: number, mode: Mode): Child {
  const text = known(time, format.minutes);
  if (time === undefined || !byTimetable(mode) || (hours !== 0 && time <= minutes)) return text;
  return element('span', {}, text, element('small', {}, hours === 0 ? words.timetable.onFoot : words.timetable.partlyOnFoot));
}

/** The hours of a cell; none of a lieu that opens says why. */
function hoursOf({ classe, hours_week: hours, opens }: Maille, mode: Mode): Child {
  const text = known(hours, format.hours);
  if (text === undefined || classe !== 'grise' || hours !== 0) return text;
  return element('span', {}, text, element('small', {}, opens && byTimetable(mode) ? words.timetable.noHours : words.timetable.byAppointment));
}

function reachedLieu(around: Surroundings, lieu: NonNullable<Maille['lieux']>[number], mode: Mode): HTMLLIElement {
  const open = known(lieu.hours_week, words.details.perWeek);
  const facts = [
    lieu.moment && said(mode).states[lieu.moment].toLocaleLowerCase(),
    lieu.commune,
    lieu.dehors && words.details.outsideShort(lieu.departement),
    lieu.modelise && words.details.modelledShort,
    known(lieu.minutes, format.minutes),
    lieu.hours_counted === undefined || lieu.hours_week === undefined || lieu.hours_week === 0
      ? open
      : lieu.hours_counted === 0
        ? `${words.timetable.noHours} (${open})`
        : words.timetable.counted(format.hours(lieu.hours_counted), format.hours(lieu.hours_week)),
    ...(lieu.missing ?? []).map((what) => words.details.doubts[what]),
  ];
  return element('li', {}, lieuLink(around, lieu.id, lieu.nom), element('small', {}, facts.filter(Boolean).join(' · ')));
}

function whyUnreached({ reach }: Maille): string | undefined {
  return reach && reach !== 'reached' ? words.details.unreached[reach] : undefined;
}

/** Whom to ask, what for, and how many depend on it. */
function askList(around: Surroundings, asks: readonly Ask[]): Child[] {
  if (asks.length === 0) return [];
  const item = ({ id, nom, typologie, commune_nom: commune, missing, people }: Ask) =>
    element(
      'li',
      {},
      lieuLink(around, id, nom),
      element('small', {}, [typologie, commune, words.check.toAsk(missing.map((what) => words.check.missing[what] ?? what))].filter(Boolean).join(' · ')),
      people > 0 && element('small', {}, words.check.depend(people)),
    );
  const list = (some: readonly Ask[]) => element('ul', { class: 'card__links' }, ...some.map(item));
  const left = asks.slice(ASKS_SHOWN);
  return [
    element(
      'div',
      { class: 'ask' },
      element('h3', {}, words.check.ask),
      list(asks.slice(0, ASKS_SHOWN)),
      left.length > 0 && element('details', {}, element('summary', {}, words.check.others(left.length)), list(left)),
    ),
  ];
}

function zoneLink(around: Surroundings, kind: 'zone' | 'verifier', zone: Zone, counted: boolean): HTMLLIElement {
  const open = () => around.select({ kind, id: String(zone.id) });
  return element('li', {}, button({ class: 'link' }, open, zone.nom), counted && element('small', {}, words.details.zonePeople(zone.people, zone.outside_people ?? 0)));
}

function territoireLink(around: Surroundings, id: string, nom: string): HTMLLIElement {
  return element('li', {}, button({ class: 'link' }, () => around.select({ kind: 'territoire', id }), nom));
}

/** A link to the card of a lieu. */
export function lieuLink(around: Surroundings, id: string, nom: string): HTMLButtonElement {
  return button({ class: 'link' }, () => around.select({ kind: 'lieu', id }), nom);
}
