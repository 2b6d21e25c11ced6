/** The server's side of simulations: what it is asked and what it answers. */
import { type Api, isAbort, type LonLat, type Question, questionQuery } from '../shared/api.ts';
import type { components } from '../shared/openapi.gen.ts';
import { type Scenario, sendable } from './scenario.ts';
import type { Service } from '../shared/state.ts';

type Schemas = components['schemas'];

/** People for whom things get better, or worse; see the server's description. */
export type Balance = Schemas['Balance'];
/** A lieu of which something is unknown, and how many people its answer could make covered. */
export type Knowing = Schemas['Ask'];
export type Simulation = Schemas['Difference'];
export type Change = Simulation['territoires'][number];
/** Class codes of the rows of the pyramid that change. */
export type Recolouring = Simulation['map'];
export type Place = Schemas['Gains']['places'][number];
/** Where a lieu would help most, and what asking would change before. */
export interface Places {
  readonly places: readonly Place[];
  readonly knowing: readonly Knowing[];
}

/** What the lieu to be placed would offer. */
export interface Supply {
  readonly services: readonly Service[];
  readonly horaires: string;
}

export type Saved = Schemas['ScenarioInfo'];

/** The best places crowd together: so many are asked for that ten communes are among them. */
const PLACES_ASKED = 500;
const PLACES_SHOWN = 10;

const JSON_TYPE = { 'Content-Type': 'application/json' };

export class Simulations {
  constructor(private readonly api: Api) {}

  async simulate(question: Question, scenario: Scenario, signal: AbortSignal): Promise<Simulation> {
    const body = JSON.stringify(sendable(scenario));
    const query = questionQuery(question);
    query.set('mailles', 'non'); // the map has its rows
    const response = await this.api.request(`api/v1/simulation?${query}`, { method: 'POST', headers: JSON_TYPE, body, signal });
    return (await response.json()) as Simulation;
  }

  /** The best place of each of the communes where a lieu would help most, best first. */
  async places(question: Question, supply: Supply, signal: AbortSignal): Promise<Places> {
    const query = gainsQuery(question, supply);
    query.set('limit', String(PLACES_ASKED));
    const response = await this.api.request(`api/v1/gains?${query}`, { signal });
    const { places, knowing } = (await response.json()) as Schemas['Gains'];
    return { places: bestByCommune(places), knowing };
  }

  /** People newly covered by a lieu in each row of the pyramid. */
  async gains(question: Question, supply: Supply, signal: AbortSignal): Promise<Uint32Array> {
    const query = gainsQuery(question, supply);
    query.set('format', 'colonne');
    return new Uint32Array(await (await this.api.request(`api/v1/gains?${query}`, { signal })).arrayBuffer());
  }

  async open(id: string): Promise<unknown> {
    const response = await this.api.request(`api/v1/scenarios/${encodeURIComponent(id)}`);
    return ((await response.json()) as { scenario: unknown }).scenario;
  }

  /** Saves under `id`, or as a new one. */
  async save(scenario: Scenario, token: string, id: string | null): Promise<Saved> {
    const response = await this.api.request(`api/v1/scenarios${id === null ? '' : `/${encodeURIComponent(id)}`}`, {
      method: id === null ? 'POST' : 'PUT',
      headers: { ...JSON_TYPE, Authorization: `Bearer ${token}` },
      body: JSON.stringify(sendable(scenario)),
    });
    return (await response.json()) as Saved;
  }

  /** Where the difference that a saved scenario makes is kept as a file. */
  differenceFile(id: string, question: Question, format: 'csv' | 'geojson'): string {
    const query = questionQuery(question);
    query.set('format', format);
    return this.api.address(`api/v1/scenarios/${encodeURIComponent(id)}/difference?${query}`);
  }
}

/** The first place of each commune, ranked anew; places that help nobody are left out. */
export function bestByCommune(places: readonly Place[]): Place[] {
  const seen = new Set<string | undefined>();
  const best = places.filter(({ commune, covered }) => {
    if (covered === 0 || seen.has(commune)) return false;
    seen.add(commune);
    return true;
  });
  return best.slice(0, PLACES_SHOWN).map((place, index) => ({ ...place, rank: index + 1 }));
}

function gainsQuery(question: Question, { services, horaires }: Supply): URLSearchParams {
  const query = questionQuery(question);
  query.set('services', services.join(','));
  query.set('horaires', horaires);
  return query;
}

export function placeOf({ lon, lat }: { readonly lon: number; readonly lat: number }): LonLat {
  return [lon, lat];
}

type Job = (signal: AbortSignal) => Promise<void>;

/**
 * Runs one job at a time and forgets those that were overtaken while waiting: under a hand that
 * drags, the server is asked as often as it answers, and always for the last place.
 */
export class Latest {
  private running: AbortController | undefined;
  private waiting: Job | undefined;

  /** `overtake` also gives up the job under way: its answer is of no use any more. */
  run(job: Job, overtake: boolean): void {
    if (this.running && !overtake) {
      this.waiting = job;
      return;
    }
    this.stop();
    void this.start(job);
  }

  stop(): void {
    this.running?.abort();
    this.running = undefined;
    this.waiting = undefined;
  }

  private async start(job: Job): Promise<void> {
    const running = new AbortController();
    this.running = running;
    try {
      await job(running.signal);
    } catch (error) {
      if (!isAbort(error) && !running.signal.aborted) throw error;
    }
    if (this.running !== running) return;
    this.running = undefined;
    const next = this.waiting;
    this.waiting = undefined;
    if (next) void this.start(next);
  }
}
