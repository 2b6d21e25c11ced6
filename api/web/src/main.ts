/**
 * The page put together: the state decides what is asked, the answers are
 * shown as text first, and the map joins in when it has arrived.
 */
import { Api, type CheckZone, type Edition, type Gap, isAbort, OtherEdition, type Zone } from './shared/api.ts';
import { Colours } from './colours.ts';
import { fly } from './flight.ts';
import { showAlert } from './panel/alert.ts';
import { Board, within } from './panel/board.ts';
import { bindControls, fitControls, offerModes } from './panel/controls.ts';
import type { Surroundings } from './panel/card.ts';
import { Details } from './panel/details.ts';
import { byId } from './shared/element.ts';
import { offered } from './shared/levels.ts';
import { words } from './shared/words.ts';
import { FilterPanel } from './panel/filters.ts';
import { type Headline, headline, showHeadline, spoken } from './panel/headline.ts';
import { showLegend, showModelled } from './panel/legend.ts';
import { sameNeed } from './shared/need_state.ts';
import type { Pick } from './map/pick.ts';
import type { MapView } from './map/view.ts';
import { lieuPicked } from './picked.ts';
import { painted } from './painted.ts';
import { Search } from './panel/search.ts';
import { showSources } from './panel/sources.ts';
import { BY_TIMETABLE } from './shared/legend.gen.ts';
import { showTimetables } from './panel/timetables.ts';
import {
  byTimetable,
  DEFAULTS,
  formatFragment,
  HOURS,
  isUnnamed,
  MINUTES,
  type Level,
  parseFragment,
  type Selection,
  sameQuestion,
  sameSelection,
  snap,
  type State,
  Store,
  thresholds,
} from './shared/state.ts';
import { type Ground, Simulator } from './simulator.ts';
import { bindSkipLinks, skipTo } from './skip_links.ts';
import { blanches, TO_CHECK, ZoneList } from './panel/zones.ts';

class Page {
  private readonly api = new Api(document.baseURI, new Map(Object.entries(JSON.parse(byId('premieres').textContent) as object)));
  private readonly store = new Store(parseFragment(location.hash));
  /** What the edition was computed with; addresses leave out what equals it. */
  private defaults: State = DEFAULTS;
  private edition: Edition | undefined;
  private departement: Gap | undefined;
  private zones: readonly Zone[] = [];
  private checks: readonly CheckZone[] = [];
  /** Rows of the current question by level, as far as they were asked for. */
  private rows = new Map<Level, readonly Gap[]>();
  private map: MapView | undefined;
  private asking: AbortController | undefined;
  /** Whether the change being applied came from the address rather than from a hand. */
  private restoring = false;

  private readonly choose = (selection: Selection | null) => this.store.update({ selection });
  private readonly zoneList = new ZoneList(byId('zones-resume'), byId('zones-liste'), blanches(() => this.store.state.mode), this.choose);
  private readonly checkList = new ZoneList(byId('verifier-resume'), byId('verifier-liste'), TO_CHECK, this.choose);
  private readonly board = new Board(this.store);
  private readonly around: Surroundings = {
    api: this.api,
    edition: () => this.edition,
    zones: () => this.zones,
    checks: () => this.checks,
    unnamed: () => isUnnamed(this.edition, this.store.state.service),
    gaps: () => [...this.rows.values()].flat(),
    weights: () => (this.store.state.vue === 'ifn' ? this.store.state.besoin.poids : ''),
    select: this.choose,
    showCommunesOf: (epci) => this.board.showCommunesOf(epci),
  };
  private readonly details = new Details(byId('details'), this.around);

  private readonly ground: Ground = {
    api: this.api,
    store: this.store,
    edition: () => this.edition,
    map: () => this.map,
    repaint: () => void this.colours.paint(),
    fault: (error) => this.showAlert(error),
  };
  private readonly filters = new FilterPanel(this.api, this.store, (ids) => void this.map?.single(ids), (error) => this.showAlert(error));
  private readonly simulator = new Simulator(this.ground);
  private readonly colours: Colours = new Colours({ ...this.ground, simulator: this.simulator, legend: (peopleBy) => this.legend(peopleBy) });

  start(): void {
    // The picture is of the view and the question that the page opens with.
    if (location.hash.length > 1) byId('image').hidden = true;
    bindControls(this.store, () => this.defaults);
    this.board.follow(this.store.state, undefined);
    new Search(
      byId('recherche') as HTMLInputElement,
      byId('recherche-liste'),
      byId('annonce'),
      this.api,
      this.choose,
      (error) => this.showAlert(error),
    );
    bindSkipLinks(this.store);
    byId('langue').addEventListener('click', ({ currentTarget }) => ((currentTarget as HTMLAnchorElement).hash = location.hash));
    this.store.subscribe((state, previous) => this.onChange(state, previous));
    addEventListener('hashchange', () => this.restore());
    addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.details.isOpen) return;
      // One Escape, one step back: what lies under the card stays.
      event.preventDefault();
      this.details.close();
    });
    void this.load();
  }

  /** Text first: the map's code, which takes long to read, is asked for once the text is on screen. */
  private async load(): Promise<void> {
    this.showAlert(null);
    const mapCode = painted().then(() => import('./map/view.ts'));
    mapCode.catch(() => this.mapFailed());
    try {
      // The edition first: its question is the one to ask. It comes with the page.
      const edition = await this.api.getEdition();
      this.welcome(edition);
      const [config] = await Promise.all([this.api.getConfig(), this.ask(false)]);
      const { MapView } = await mapCode;
      if (this.api.site) (await import('./map/archive.ts')).openArchive(this.api.address('maillage.pmtiles'));
      this.map = new MapView({
        container: byId('map'),
        edition,
        api: this.api,
        basemap: config.basemap?.includes('{z}') ? config.basemap : undefined,
        state: this.store.state,
        onPick: (pick) => void this.onPick(pick),
        onMove: (position) => this.store.update({ position }),
      });
      await this.colours.paint();
      byId('map-etat').remove();
      byId('image').remove();
      this.simulator.bind();
      await this.filters.follow();
      await this.openSelection(false);
    } catch (error) {
      if (isAbort(error)) return;
      if (this.edition) this.mapFailed();
      else this.showAlert(error);
    }
  }

  private welcome(edition: Edition): void {
    this.edition = edition;
    const { code, nom } = edition.departement;
    document.title = words.title(nom);
    byId('departement').textContent = words.departement(code, nom);
    byId('edition').textContent = words.details.edition(edition.edition);
    showSources(byId('sources'), edition);
    showModelled(byId('modelise'), edition);
    fitControls(edition);
    this.showTimetables();
    this.board.fit(edition.levels);
    document.body.classList.toggle('is-site', this.api.site);
    if (this.api.site) offerModes([DEFAULTS.mode, ...BY_TIMETABLE]);
    byId('copie').hidden = !this.api.site;
    this.defaults = {
      ...DEFAULTS,
      minutes: snap(edition.params.cutoff_min, MINUTES),
      hours: snap(edition.params.min_hours_week, HOURS),
    };
    this.restore();
    this.legend();
  }

  private restore(): void {
    this.restoring = true;
    const state = parseFragment(location.hash, this.defaults, this.edition && offered(this.edition.levels));
    const { service, rendezVous } = this.defaults;
    // A site answers the question of its edition, by its mode and by timetable, and tries nothing.
    const mode = byTimetable(state.mode) && this.edition?.transit ? state.mode : this.defaults.mode;
    this.store.update(this.api.site ? { ...state, service, mode, ...thresholds(mode, this.defaults), rendezVous, essai: null, scenario: null } : state);
    this.restoring = false;
  }

  private onChange(state: State, previous: State): void {
    if (!this.restoring) this.remember(state);
    if (!sameQuestion(state, previous)) {
      void this.ask(true);
      void this.map?.ask(state);
    } else if (state.niveau !== previous.niveau || state.dans !== previous.dans) {
      void this.loadRows(state).catch((error: unknown) => this.showAlert(error));
    }
    if (state.mode !== previous.mode) this.showTimetables();
    byId('quand').hidden = state.vue !== 'moment';
    const otherMoment = state.vue === 'moment' && state.quand !== previous.quand;
    const otherNeed = state.vue === 'ifn' && !sameNeed(state.besoin, previous.besoin);
    if (state.vue !== previous.vue || otherMoment || otherNeed) void this.colours.paint();
    const weighed = (of: State) => (of.vue === 'ifn' ? of.besoin.poids : '');
    if (this.details.isOpen && weighed(state) !== weighed(previous) && sameSelection(state.selection, previous.selection)) {
      void this.openSelection(false); // the card says what the index is made of
    }
    if (this.details.isOpen && sameSelection(state.selection, previous.selection) && (otherMoment || (state.vue === 'moment') !== (previous.vue === 'moment'))) {
      void this.openSelection(false); // the card says what is open
    }
    this.simulator.follow(state);
    if (!sameSelection(state.selection, previous.selection)) void this.openSelection(!this.restoring);
    if (this.restoring && state.position && state.position !== previous.position) this.map?.jumpTo(state.position);
    this.board.follow(state, this.rows.get('epci'));
  }

  private showTimetables(): void {
    showTimetables(byId('horaires'), byId('carte-horaires'), this.store.state, this.edition?.transit);
  }

  private remember(state: State): void {
    const fragment = formatFragment(state, this.defaults);
    history.replaceState(null, '', `${location.pathname}${location.search}${fragment && `#${fragment}`}`);
  }

  /** Asks for every figure of the current question; an older question still under way is dropped. */
  private async ask(aloud: boolean): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const { state } = this.store;
    byId('phrase').setAttribute('aria-busy', 'true');
    document.body.classList.add('is-busy');
    try {
      const first = this.api.getDepartement(state, asking.signal).then((departement) => {
        if (!this.departement) this.showHeadline(this.headline(departement, state)); // the rest may take longer
        return departement;
      });
      const [departement, zones, epci, rows] = await Promise.all([
        first,
        this.api.getZones(state, asking.signal),
        this.api.getGaps('epci', state, asking.signal),
        state.niveau === 'epci' ? [] : this.api.getGaps(state.niveau, state, asking.signal, within(state)),
      ]);
      if (asking.signal.aborted) return;
      this.departement = departement;
      this.zones = zones.zones;
      this.checks = zones.a_verifier;
      this.zoneList.show(this.zones, zones.people);
      this.checkList.show(this.checks, zones.a_verifier_people);
      this.rows = new Map<Level, readonly Gap[]>([[state.niveau, rows], ['epci', epci]]);
      this.showAlert(null);
      this.showFigures(aloud);
      void this.colours.paint();
      if (this.details.isOpen) void this.openSelection(false);
    } catch (error) {
      if (isAbort(error) || asking.signal.aborted) return;
      this.showAlert(error);
      if (!aloud) throw error;
    } finally {
      if (this.asking === asking) {
        byId('phrase').removeAttribute('aria-busy');
        document.body.classList.remove('is-busy');
      }
    }
  }

  private showFigures(aloud: boolean): void {
    const { state } = this.store;
    if (!this.departement) return;
    const text = this.headline(this.departement, state);
    this.showHeadline(text);
    if (aloud) byId('annonce').textContent = spoken(text);
    this.zoneList.mark(state.selection);
    this.checkList.mark(state.selection);
    this.showRows(state);
    this.legend();
  }

  private headline(departement: Gap, state: State): Headline {
    return headline(departement, state, isUnnamed(this.edition, state.service));
  }

  private showHeadline(text: Headline): void {
    showHeadline(byId('phrase'), text, skipTo);
  }

  private async loadRows(state: State): Promise<void> {
    if (state.niveau !== 'epci') {
      const rows = await this.api.getGaps(state.niveau, state, this.asking?.signal, within(state));
      const now = this.store.state;
      if (!sameQuestion(state, now) || state.niveau !== now.niveau || state.dans !== now.dans) return;
      this.rows.set(state.niveau, rows);
    }
    this.showRows(this.store.state);
  }

  private showRows(state: State): void {
    const rows = this.rows.get(state.niveau);
    if (!rows) return;
    this.board.show(rows, state, this.rows.get('epci'));
  }

  private legend(peopleBy?: ReadonlyMap<number, number>): void {
    // The maps of the index have legends of their own, made with them.
    if (!this.departement || (this.store.state.vue === 'ifn' && this.map)) return;
    showLegend(
      byId('legende'),
      this.store.state,
      {
        departement: this.departement,
        ...(peopleBy ? { peopleByCode: peopleBy } : {}),
        ifnBounds: this.edition?.ifn_bounds ?? [],
      },
    );
  }

  private async onPick(pick: Pick): Promise<void> {
    if (pick.kind !== 'lieu-at') {
      if ((await this.simulator.mode)?.takes(undefined)) return;
      this.store.update({ selection: pick });
      return;
    }
    try {
      const lieu = lieuPicked(pick, await this.api.getLieux());
      if (!lieu || (await this.simulator.mode)?.takes(lieu)) return;
      this.store.update({ selection: { kind: 'lieu', id: lieu.properties.id } });
    } catch (error) {
      this.showAlert(error);
    }
  }

  /** Shows the selection in the card, the list, the table and the map. */
  private async openSelection(byHand: boolean): Promise<void> {
    const { state } = this.store;
    const { selection } = state;
    this.zoneList.mark(selection);
    this.checkList.mark(selection);
    this.board.mark(selection);
    void this.map?.select(selection);
    if (!selection) {
      this.details.hide();
      return;
    }
    const stays = selection.kind === 'maille' || (!byHand && state.position !== null);
    if (!stays && this.map) void fly(this.map, selection, state, this.around, byHand);
    // On a narrow screen the card covers the foot of the page: bring the map above it.
    if (byHand && window.innerWidth < 960) byId('map').scrollIntoView();
    await this.details.open(selection, state, { takeFocus: byHand });
  }

  private mapFailed(): void {
    byId('map-etat').textContent = words.errors.map;
    byId('map-etat').classList.add('is-error');
  }

  private showAlert(error: unknown): void {
    showAlert(byId('alerte'), error, () => this.retry());
    if (error !== null && !(error instanceof OtherEdition) && !this.departement) byId('phrase').replaceChildren();
  }

  private retry(): void {
    if (this.edition) void this.ask(true);
    else void this.load();
  }
}

new Page().start();
