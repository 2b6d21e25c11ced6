/**
 * The server's API as the page uses it. Minutes, hours a week and people are
 * plain numbers; an absent key means unknown, never zero.
 *
 * Every address is resolved against the document's base, so the page also
 * works below a path.
 */
import { CLASSES } from './legend.gen.ts';
import type { components } from './openapi.gen.ts';
import { byTimetable, type Level, type State } from './state.ts';

type Schemas = components['schemas'];
type Item<T extends readonly unknown[]> = T[number];

/** What the server answers, as openapi.json has it: west, south, east, north and longitude, latitude in degrees WGS 84. */
export type Bounds = Schemas['BBox'];
export type LonLat = Schemas['LonLat'];
export type Edition = Schemas['Edition'];
export type Input = Item<Edition['inputs']>;
/** What timetables count, on which dates. */
export type Timetables = Schemas['Timetables'];
export type Gap = Schemas['GapRow'];
export type Zone = Item<Schemas['Zones']['zones']>;
/** A lieu of which something is unknown, and whom that matters to. */
export type Ask = Schemas['Ask'];
export type Zones = Schemas['Zones'];
/** A zone à vérifier: nothing known within reach, but lieux to ask. */
export type CheckZone = Item<Zones['a_verifier']>;
export type LieuFeature = Item<Schemas['Lieux']['features']>;
export type Lieu = LieuFeature['properties'];
/** Days of the week, from 1, that share their hours; weeks of the cycle of four, absent: all. */
export type Opening = Item<NonNullable<Lieu['ouvertures']>>;
/** Whom a lieu serves, for a question. */
export type LieuServes = Schemas['LieuServi'];
export type LieuHours = Schemas['LieuHoraires'];
export type Maille = Schemas['Maille'];
/** How people of a cell travel by timetable. */
export type Trips = Schemas['Trajets'];
/** What a level of the index lacks. */
export type Completeness = Schemas['IfnCompletude'];
export type Index = Schemas['Ifn'];
export type IndexVariable = Schemas['IfnVariable'];
export type IndexRow = Item<Index['rows']>;
/** The index before any weight: see need/model.ts. */
export type Points = Schemas['IfnPoints'];
/** The outline of a territoire, as GeoJSON. */
export type Outline = Schemas['Contour'];
export type Config = Schemas['Config'];
/** People by what they find within reach at a moment; they add up to the population. */
export type MomentPeople = Schemas['MomentPeople'];
export type Moment = Schemas['Moment'];
/** People by band of each figure, counted where they live. */
export type Bands = Schemas['Repartition'];
/** What one lieu is at a moment. */
export type LieuMoment = Exclude<keyof MomentPeople, 'aucun'>;

export { CLASSES };
export type Classe = (typeof CLASSES)[number];

export type ColumnName = 'classe' | 'minutes' | 'heures' | 'personnes' | 'ifn' | 'ouvert' | 'agir';

/** A refusal of the server, in the words of its problem+json (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly id: string | undefined,
  ) {
    super(`${status}: ${detail}`);
    this.name = 'Problem';
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('server unreachable', { cause });
    this.name = 'Unreachable';
  }
}

/** The server now answers from another edition than the one this page shows. */
export class OtherEdition extends Error {
  constructor(shown: string, answered: string) {
    super(`edition ${shown} shown, ${answered} answered`);
    this.name = 'OtherEdition';
  }
}

export type Question = Pick<State, 'service' | 'mode' | 'minutes' | 'hours' | 'rendezVous'>;

/** The file that holds the answer to a request, as `maillage export site` names it. */
export function siteFile(path: string): string {
  const name = decodeURIComponent(path).replace('?', '/').replaceAll('&', '_').replace(/[:=]/g, '-');
  return `${name}.${/^api\/v1\/acces\b/.test(path) ? 'bin' : 'json'}`;
}

/** The query of a computed resource, in one order so that caches meet equal addresses. */
export function questionQuery(question: Question): URLSearchParams {
  return new URLSearchParams({
    service: question.service,
    mode: question.mode,
    cutoff: String(question.minutes),
    min_hours: String(question.hours),
    ...(question.rendezVous ? { rendez_vous: 'oui' } : {}),
  });
}

export class Api {
  /** The edition of the first reply: the page's. */
  private edition: string | undefined;
  private editionOnce: Promise<Edition> | undefined;
  private lieuxOnce: Promise<readonly LieuFeature[]> | undefined;

  /** Whether answers are files beside the page, to one question only, rather than a server's. */
  readonly site: boolean;

  /** `known` are answers that came with the page, by address; each is given once, since a later one may differ. */
  constructor(
    private readonly base: string,
    private readonly known = new Map<string, unknown>(),
  ) {
    this.site = known.get('site') === true;
  }

  /** Asked for once, and again only after a failure. */
  getEdition(): Promise<Edition> {
    this.editionOnce ??= this.json<Edition>('api/v1/edition').catch((error: unknown) => {
      this.editionOnce = undefined;
      throw error;
    });
    return this.editionOnce;
  }

  getConfig(): Promise<Config> {
    return this.json<Config>('api/v1/config');
  }

  async getDepartement(question: Question, signal?: AbortSignal): Promise<Gap> {
    const rows = await this.getGaps('departement', question, signal);
    const row = rows[0];
    if (!row) throw new Problem(500, 'no row for the département', undefined);
    return row;
  }

  /** Rows of one level, all of them or those of the territoire `within` (`type:code`). */
  async getGaps(
    level: Level,
    question: Question,
    signal?: AbortSignal,
    within: string | null = null,
  ): Promise<readonly Gap[]> {
    const query = questionQuery(question);
    query.set('level', level);
    if (within) query.set('territoire', within);
    return (await this.json<Schemas['Gaps']>(`api/v1/gaps?${query}`, signal)).territoires;
  }

  /** Names and codes of every territoire of a type. */
  async getTerritoires(type: Level): Promise<Schemas['Territoires']['territoires']> {
    return (await this.json<Schemas['Territoires']>(`api/v1/territoires?type=${type}`)).territoires;
  }

  /** The gaps row of one territoire, `id` being `type:code`. */
  async getTerritoire(id: string, question: Question, signal?: AbortSignal): Promise<Gap> {
    const query = questionQuery(question);
    return this.json<Schemas['Territoire']>(`api/v1/territoires/${encodeURIComponent(id).replaceAll('%3A', ':')}?${query}`, signal);
  }

  /** The outline of a territoire that no layer of tiles holds, `id` being `type:code`. */
  getOutline(id: string): Promise<Outline> {
    return this.json<Outline>(`api/v1/territoires/${encodeURIComponent(id).replaceAll('%3A', ':')}/contour`);
  }

  /** Zones of the département or, with their people there, of the territoire `within` (`type:code`). */
  getZones(question: Question, signal?: AbortSignal, within: string | null = null): Promise<Zones> {
    const query = questionQuery(question);
    query.delete('min_hours');
    if (within) query.set('territoire', within);
    return this.json<Zones>(`api/v1/zones-blanches?${query}`, signal);
  }

  /** Every lieu of the edition; asked for once, and again only after a failure. */
  getLieux(): Promise<readonly LieuFeature[]> {
    this.lieuxOnce ??= this.json<Schemas['Lieux']>('api/v1/lieux').then(
      (collection) => collection.features,
      (error: unknown) => {
        this.lieuxOnce = undefined;
        throw error;
      },
    );
    return this.lieuxOnce;
  }

  /** Whom a lieu, or a stop, serves. */
  getLieu(id: string, question: Question, signal?: AbortSignal): Promise<LieuServes> {
    return this.json<LieuServes>(`api/v1/lieux/${encodeURIComponent(id)}?${questionQuery(question)}`, signal);
  }

  /** Which hours of a lieu, or of a stop, would suit the buses; the question is by transit. */
  getLieuHours(id: string, question: Question, signal?: AbortSignal): Promise<LieuHours> {
    return this.json<LieuHours>(`api/v1/lieux/${encodeURIComponent(id)}/horaires?${questionQuery(question)}`, signal);
  }

  /** Who reaches an open lieu at the moment of the state, in each territoire of a level, and over the week. */
  getMoment(state: State, signal?: AbortSignal, level = 'departement'): Promise<Moment> {
    const query = questionQuery(state);
    query.delete('min_hours');
    query.set('moment', state.quand);
    query.set('level', level);
    return this.json<Moment>(`api/v1/moment?${query}`, signal);
  }

  /** The people of the département by band of each figure; what the map calls enough hours changes none. */
  getBands(question: Question, signal?: AbortSignal): Promise<Bands> {
    const query = questionQuery(question);
    query.delete('min_hours');
    return this.json<Bands>(`api/v1/repartition?${query}`, signal);
  }

  /** A cell; at the moment of the state, when that is what the map shows. */
  getMaille(row: string, state: Question & Pick<State, 'vue' | 'quand'>, signal?: AbortSignal): Promise<Maille> {
    const query = questionQuery(state);
    if (state.vue === 'moment') query.set('moment', state.quand);
    return this.json<Maille>(`api/v1/acces/${encodeURIComponent(row)}?${query}`, signal);
  }

  /** How the people of a cell get to lieux by timetable, and back. */
  getTrips(row: string, { service, minutes }: Question, signal?: AbortSignal): Promise<Trips> {
    return this.json<Trips>(`api/v1/acces/${encodeURIComponent(row)}/trajets?${new URLSearchParams({ service, cutoff: String(minutes) })}`, signal);
  }

  /** The index of one territoire, ranked among all of its type, under weights as {@link Need} has them. */
  getIndex(type: string, code: string, weights = ''): Promise<Index> {
    return this.json<Index>(`api/v1/ifn?${new URLSearchParams({ level: type, territoire: `${type}:${code}`, ...weighed(weights) })}`);
  }

  /** What a level lacks under weights; a site, which has no server, knows those of the structure alone. */
  getCompleteness(level: string, weights = '', signal?: AbortSignal): Promise<Completeness> {
    return this.json<Completeness>(`api/v1/ifn/completude?${new URLSearchParams({ level, ...weighed(this.site ? '' : weights) })}`, signal);
  }

  /** The addresses of the index of all territoires of a type, as files to keep. */
  indexFiles(type: string, weights = ''): Readonly<Record<'csv' | 'xlsx', string>> {
    const address = (format: string) => this.address(`api/v1/ifn?${new URLSearchParams({ level: type, format, ...weighed(weights) })}`);
    return { csv: address('csv'), xlsx: address('xlsx') };
  }

  /** The points and values of every territoire of a type, of which the map computes the index. */
  getPoints(type: string): Promise<Points> {
    return this.json<Points>(`api/v1/ifn/points?level=${type}`);
  }

  /** One value per row of the cell pyramid, still encoded; see columns.ts. */
  async getColumn(mesure: ColumnName, question: Question & Pick<State, 'quand'>, signal?: AbortSignal): Promise<ArrayBuffer> {
    const query = questionQuery(question);
    if (mesure === 'ouvert') query.set('moment', question.quand);
    if (mesure === 'minutes' || mesure === 'heures' || mesure === 'ouvert') query.delete('min_hours');
    // By timetable the cut-off says which journeys count.
    if (mesure === 'minutes' && !byTimetable(question.mode)) query.delete('cutoff');
    const asked = mesure === 'personnes' || mesure === 'ifn' ? new URLSearchParams() : query;
    asked.set('mesure', mesure);
    return (await this.request(`api/v1/acces?${asked}`, { signal: signal ?? null })).arrayBuffer();
  }

  /** A tile address template for MapLibre, which wants it absolute and its braces bare. */
  tiles(layer: string, query = ''): string {
    if (this.site) return 'archive://{z}/{x}/{y}';
    return `${this.address('tiles/')}${layer}/{z}/{x}/{y}.mvt${query && `?${query}`}`;
  }

  zoneTiles(question: Question): string {
    const query = questionQuery(question);
    query.delete('min_hours');
    return this.tiles('zones', query.toString());
  }

  /** The whole address of a path. */
  address(path: string): string {
    return new URL(path, this.base).href;
  }

  private async json<T>(path: string, signal?: AbortSignal): Promise<T> {
    if (this.known.has(path)) {
      const answer = this.known.get(path) as T & { readonly edition?: string };
      this.known.delete(path);
      this.watchEdition(answer.edition ?? null);
      return answer;
    }
    return (await (await this.request(path, { signal: signal ?? null })).json()) as T;
  }

  /** The answer to a request, or what was wrong with it as one of this file's errors. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(this.site ? siteFile(path) : path, this.base), init).catch((error: unknown) => {
      throw isAbort(error) ? error : new Unreachable(error);
    });
    if (!response.ok) throw await problemOf(response);
    this.watchEdition(response.headers.get('X-Maillage-Edition'));
    return response;
  }

  /** Rows number the cells of one edition only, and figures of two must never stand side by side. */
  private watchEdition(id: string | null): void {
    if (id === null) return;
    this.edition ??= id;
    if (this.edition !== id) throw new OtherEdition(this.edition, id);
  }
}

function weighed(weights: string): Record<string, string> {
  return weights ? { weights } : {};
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as { detail?: string; title?: string; id?: string };
  return new Problem(response.status, body.detail ?? body.title ?? response.statusText, body.id);
}
