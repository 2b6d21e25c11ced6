/**
 * The server's API as the page uses it. Minutes, hours a week and people are
 * plain numbers; an absent key means unknown, never zero.
 *
 * Every address is resolved against the document's base, so the page also
 * works below a path.
 */
import { CLASSES } from './legend.gen.ts';
import type { Mode, Level, Service, State } from './state.ts';

export type Bounds = readonly [west: number, south: number, east: number, north: number];
export type LonLat = readonly [lon: number, lat: number];

export interface Input {
  readonly kind: string;
  readonly dataset?: string;
  readonly source?: string;
  readonly licence?: string;
  readonly vintage?: string;
  readonly url?: string;
  readonly rows?: number;
  /** What was modelled rather than observed, in French; absent when nothing was. */
  readonly modelled?: string;
}

/** One resolution of the cell pyramid: its rows are `first` to `first + count − 1`. */
export interface PyramidLevel {
  readonly resolution: number;
  readonly first: number;
  readonly count: number;
}

export interface Edition {
  readonly edition: string;
  readonly program?: string;
  readonly departement: { readonly code: string; readonly nom: string };
  readonly bounds: Bounds;
  readonly population: number;
  readonly params: {
    readonly resolution: number;
    readonly cutoff_min: number;
    readonly min_hours_week: number;
    readonly modes: readonly { readonly code: Mode; readonly label: string }[];
    readonly services: readonly { readonly code: Service; readonly label: string; readonly lieux?: number }[];
  };
  readonly inputs: readonly Input[];
  readonly modelled?: readonly string[];
  /** Coarse first. */
  readonly cells: readonly PyramidLevel[];
  /** What cuts the index into its bands, in points, ascending. */
  readonly ifn_bounds: readonly number[];
  readonly secteurs?: readonly { readonly code: string; readonly nom: string; readonly lon: number; readonly lat: number }[];
  readonly attribution?: string;
}

export interface Ifn {
  readonly score?: number;
  readonly amenagement?: number;
  readonly publics?: number;
  /** 0 to 1: the share of the index's variables that are known. */
  readonly completeness?: number;
}

/** A variable of the index, or a part of one. */
export interface IndexVariable {
  readonly id: string;
  readonly nom: string;
  readonly sub_index: string;
  readonly weight: number;
  readonly unit: string;
  /** Absent: nothing imported feeds it. */
  readonly source?: string;
  readonly vintage?: string;
  /** What the values are instead of the variable itself; absent: they are the variable. */
  readonly proxy?: string;
  readonly parts?: readonly IndexVariable[];
}

/** The index of one territoire; what is unknown is absent. */
export interface IndexRow {
  readonly code: string;
  readonly nom: string;
  readonly score?: number;
  readonly amenagement?: number;
  readonly publics?: number;
  readonly rank?: number;
  readonly rank_low?: number;
  readonly rank_high?: number;
  readonly completeness: number;
  readonly points: Readonly<Record<string, number>>;
  readonly contributions?: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, number>>;
  readonly influence?: readonly { readonly variable: string; readonly delta: number }[];
  readonly sentence: string;
}

export interface Index {
  readonly method: string;
  readonly formula: string;
  readonly ranked: number;
  readonly min_completeness: number;
  readonly variables: readonly IndexVariable[];
  readonly rows: readonly IndexRow[];
}

export { CLASSES };
export type Classe = (typeof CLASSES)[number];

export interface Gap {
  readonly type: Level | 'departement';
  readonly code: string;
  readonly nom: string;
  readonly population: number;
  readonly classes: Readonly<Record<Classe, number>>;
  readonly access_min?: { readonly p50?: number; readonly p90?: number; readonly mean?: number };
  readonly unreached?: { readonly no_path?: number; readonly no_road?: number; readonly unknown?: number };
  readonly hours_week?: { readonly mean?: number; readonly p10?: number };
  readonly lieux?: number;
  readonly ifn?: Ifn;
  readonly priority?: number;
  readonly rank?: number;
  readonly epci?: string;
  readonly bbox?: Bounds;
  readonly center?: LonLat;
}

export interface Zone {
  readonly rank: number;
  readonly id: string | number;
  readonly people: number;
  readonly area_km2: number;
  readonly cells?: number;
  readonly nom: string;
  readonly communes: readonly { readonly code: string; readonly nom: string; readonly people: number }[];
  readonly epci: readonly { readonly code: string; readonly nom: string }[];
  readonly lieu?: { readonly id: string; readonly nom: string; readonly commune?: string };
  readonly access_min?: number;
  readonly ifn?: number | Ifn;
  readonly bbox: Bounds;
  readonly center: LonLat;
}

export interface Zones {
  readonly people: number;
  readonly zones: readonly Zone[];
}

/** Days of the week, from 1, that share their hours, "09:00-12:00"; weeks of the cycle of four, absent: all. */
export interface Opening {
  readonly jours: readonly number[];
  readonly semaines?: readonly number[];
  readonly heures: readonly string[];
}

export interface Lieu {
  readonly id: string;
  readonly nom: string;
  readonly commune?: string;
  readonly adresse?: string;
  readonly services?: readonly string[];
  readonly horaires?: string;
  readonly hours_week?: number;
  /** Absent: unknown; empty: never open. */
  readonly ouvertures?: readonly Opening[];
  readonly itinerant?: boolean;
  readonly source?: string;
  readonly maj?: string;
  readonly kind?: 'lieu' | 'arret';
  readonly tournee?: string;
}

export interface LieuFeature {
  readonly geometry: { readonly coordinates: LonLat };
  readonly properties: Lieu;
}

export interface Maille {
  readonly row: number;
  readonly cell: string;
  readonly resolution: number;
  readonly area_km2?: number;
  readonly people: number;
  readonly classe: Classe | 'inhabitee' | 'inhabite';
  readonly communes: readonly {
    readonly code: string;
    readonly nom: string;
    readonly epci?: string;
    readonly epci_nom?: string;
    readonly people?: number;
  }[];
  readonly access_min?: number;
  readonly reach?: 'reached' | 'no_path' | 'no_road' | 'unknown';
  readonly hours_week?: number;
  readonly lieux?: readonly {
    readonly id: string;
    readonly nom: string;
    readonly commune?: string;
    readonly minutes?: number;
    readonly hours_week?: number;
    readonly horaires?: string;
    /** Absent when no moment was asked for. */
    readonly moment?: LieuMoment;
  }[];
  readonly moment?: { readonly quand: string; readonly people: MomentPeople };
  readonly ifn?: Ifn;
}

export type ColumnName = 'classe' | 'minutes' | 'heures' | 'personnes' | 'ifn' | 'ouvert';

/** People by what they find within reach at a moment; they add up to the population. */
export interface MomentPeople {
  readonly ouvert: number;
  readonly parfois: number;
  readonly inconnu: number;
  readonly ferme: number;
  readonly aucun: number;
}

/** What one lieu is at a moment. */
export type LieuMoment = Exclude<keyof MomentPeople, 'aucun'>;

export interface Moment {
  readonly people: MomentPeople;
  readonly territoires: readonly { readonly type: string; readonly code: string; readonly people: MomentPeople }[];
  /** By half-hour, from Monday 00:00. */
  readonly week: { readonly ouvert: readonly number[]; readonly parfois: readonly number[] };
}

export interface Config {
  /** A raster tile address with {z}, {x} and {y}. */
  readonly basemap?: string;
}

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

type Question = Pick<State, 'service' | 'mode' | 'minutes' | 'hours'>;

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
  });
}

export class Api {
  /** The edition of the first reply: the page's. */
  private edition: string | undefined;
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

  getEdition(): Promise<Edition> {
    return this.json<Edition>('api/v1/edition');
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
    level: Level | 'departement',
    question: Question,
    signal?: AbortSignal,
    within: string | null = null,
  ): Promise<readonly Gap[]> {
    const query = questionQuery(question);
    query.set('level', level);
    if (within) query.set('territoire', within);
    return (await this.json<{ territoires: Gap[] }>(`api/v1/gaps?${query}`, signal)).territoires;
  }

  /** Names and codes of every territoire of a type. */
  async getTerritoires(type: Level): Promise<readonly { readonly code: string; readonly nom: string }[]> {
    return (await this.json<{ territoires: { code: string; nom: string }[] }>(`api/v1/territoires?type=${type}`)).territoires;
  }

  /** The gaps row of one territoire, `id` being `type:code`. */
  async getTerritoire(id: string, question: Question, signal?: AbortSignal): Promise<Gap> {
    const query = questionQuery(question);
    return this.json<Gap>(`api/v1/territoires/${encodeURIComponent(id).replaceAll('%3A', ':')}?${query}`, signal);
  }

  getZones(question: Question, signal?: AbortSignal): Promise<Zones> {
    const query = questionQuery(question);
    query.delete('min_hours');
    return this.json<Zones>(`api/v1/zones-blanches?${query}`, signal);
  }

  /** Every lieu of the edition; asked for once, and again only after a failure. */
  getLieux(): Promise<readonly LieuFeature[]> {
    this.lieuxOnce ??= this.json<{ features: LieuFeature[] }>('api/v1/lieux').then(
      (collection) => collection.features,
      (error: unknown) => {
        this.lieuxOnce = undefined;
        throw error;
      },
    );
    return this.lieuxOnce;
  }

  /** Who reaches an open lieu at the moment of the state, in each territoire of a level, and over the week. */
  getMoment(state: State, signal?: AbortSignal, level: Level | 'departement' = 'departement'): Promise<Moment> {
    const query = questionQuery(state);
    query.delete('min_hours');
    query.set('moment', state.quand);
    query.set('level', level);
    return this.json<Moment>(`api/v1/moment?${query}`, signal);
  }

  /** A cell; at the moment of the state, when that is what the map shows. */
  getMaille(row: string, state: Question & Pick<State, 'vue' | 'quand'>, signal?: AbortSignal): Promise<Maille> {
    const query = questionQuery(state);
    if (state.vue === 'moment') query.set('moment', state.quand);
    return this.json<Maille>(`api/v1/acces/${encodeURIComponent(row)}?${query}`, signal);
  }

  /** The index of one territoire, ranked among all of its type. */
  getIndex(type: string, code: string): Promise<Index> {
    return this.json<Index>(`api/v1/ifn?${new URLSearchParams({ level: type, territoire: `${type}:${code}` })}`);
  }

  /** The addresses of the index of all territoires of a type, as files to keep. */
  indexFiles(type: string): Readonly<Record<'csv' | 'xlsx', string>> {
    const address = (format: string) => this.address(`api/v1/ifn?${new URLSearchParams({ level: type, format })}`);
    return { csv: address('csv'), xlsx: address('xlsx') };
  }

  /** One value per row of the cell pyramid, still encoded; see columns.ts. */
  async getColumn(mesure: ColumnName, question: Question & Pick<State, 'quand'>, signal?: AbortSignal): Promise<ArrayBuffer> {
    const query = questionQuery(question);
    if (mesure === 'ouvert') query.set('moment', question.quand);
    if (mesure === 'minutes' || mesure === 'heures' || mesure === 'ouvert') query.delete('min_hours');
    if (mesure === 'minutes') query.delete('cutoff');
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

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as { detail?: string; title?: string; id?: string };
  return new Problem(response.status, body.detail ?? body.title ?? response.statusText, body.id);
}
