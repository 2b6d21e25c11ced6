/**
 * The page put together: the state decides what is asked, the answers are
 * shown as text first, and the map joins in when it has arrived.
 */
import { Api, type Edition, type Gap, isAbort, OtherEdition, type Zone } from './shared/api.ts';
import { paintCodes, peopleByCode, VIEW_COLUMN } from './shared/columns.ts';
import { Values } from './map/values.ts';
import { showAlert } from './panel/alert.ts';
import { Board, within } from './panel/board.ts';
import { bindControls, fitControls } from './panel/controls.ts';
import { Details } from './panel/details.ts';
import { byId } from './shared/element.ts';
import { words } from './shared/words.ts';
import { headline, showHeadline, spoken } from './panel/headline.ts';
import { showLegend, showModelled } from './panel/legend.ts';
import type { Pick } from './map/pick.ts';
import type { MapView } from './map/view.ts';
import type { SimulationMode } from './simulate/mode.ts';
import { Search } from './panel/search.ts';
import { showSources } from './panel/sources.ts';
import {
  DEFAULTS,
  formatFragment,
  HOURS,
  isTrying,
  MINUTES,
  type Level,
  parseFragment,
  sameQuestion,
  sameSelection,
  type Selection,
  snap,
  type State,
  Store,
} from './shared/state.ts';
import { ZoneList } from './panel/zones.ts';

class Page {
  private readonly api = new Api(document.baseURI, new Map(Object.entries(JSON.parse(byId('premieres').textContent) as object)));
  private readonly store = new Store(parseFragment(location.hash));
  /** What the edition was computed with; addresses leave out what equals it. */
  private defaults: State = DEFAULTS;
  private edition: Edition | undefined;
  private departement: Gap | undefined;
  private zones: readonly Zone[] = [];
  /** Rows of the current question by level, as far as they were asked for. */
  private rows = new Map<Level, readonly Gap[]>();
  private map: MapView | undefined;
  private simuler: Promise<SimulationMode> | undefined;
  private asking: AbortController | undefined;
  private painting: AbortController | undefined;
  private readonly values = new Values(this.api);
  /** Whether the change being applied came from the address rather than from a hand. */
  private restoring = false;

  private readonly zoneList = new ZoneList(byId('zones-resume'), byId('zones-liste'), (zone) => {
    this.store.update({ selection: { kind: 'zone', id: String(zone.id) } });
  });
  private readonly board = new Board(this.store);
  private readonly details = new Details(byId('details'), {
    api: this.api,
    edition: () => this.edition,
    zones: () => this.zones,
    gaps: () => [...this.rows.values()].flat(),
    select: (selection) => this.store.update({ selection }),
    showCommunesOf: (epci) => this.board.showCommunesOf(epci),
  });

  start(): void {
    // The picture is of the view and the question that the page opens with.
    if (location.hash.length > 1) byId('image').hidden = true;
    bindControls(this.store);
    this.board.follow(this.store.state, undefined);
    new Search(
      byId('recherche') as HTMLInputElement,
      byId('recherche-liste'),
      byId('annonce'),
      this.api,
      (selection) => this.store.update({ selection }),
      (error) => this.showAlert(error),
    );
    this.bindSkipLinks();
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
      await this.repaint();
      byId('map-etat').remove();
      byId('image').remove();
      this.bindSimulation();
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
    document.body.classList.toggle('is-site', this.api.site);
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
    const state = parseFragment(location.hash, this.defaults);
    const { service, mode, minutes, hours } = this.defaults;
    // A site answers the question of its edition, and tries nothing.
    this.store.update(this.api.site ? { ...state, service, mode, minutes, hours, essai: null, scenario: null } : state);
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
    byId('quand').hidden = state.vue !== 'moment';
    const otherMoment = state.vue === 'moment' && state.quand !== previous.quand;
    if (state.vue !== previous.vue || otherMoment) void this.repaint();
    if (this.details.isOpen && sameSelection(state.selection, previous.selection) && (otherMoment || (state.vue === 'moment') !== (previous.vue === 'moment'))) {
      void this.openSelection(false); // the card says what is open
    }
    if (this.simuler || isTrying(state)) void this.simulate();
    if (!sameSelection(state.selection, previous.selection)) void this.openSelection(!this.restoring);
    if (this.restoring && state.position && state.position !== previous.position) this.map?.jumpTo(state.position);
    this.board.follow(state, this.rows.get('epci'));
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
        if (!this.departement) showHeadline(byId('phrase'), headline(departement, state)); // the rest may take longer
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
      this.zoneList.show(zones);
      this.rows = new Map<Level, readonly Gap[]>([[state.niveau, rows], ['epci', epci]]);
      this.showAlert(null);
      this.showFigures(aloud);
      void this.repaint();
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
    const text = headline(this.departement, state);
    showHeadline(byId('phrase'), text);
    if (aloud) byId('annonce').textContent = spoken(text);
    this.zoneList.mark(state.selection);
    this.showRows(state);
    this.legend();
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
    if (!this.departement) return;
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

  /** Paints the cells for the current question and view, and counts people by colour. */
  private async repaint(): Promise<void> {
    const { edition, map } = this;
    if (!edition || !map) return;
    this.painting?.abort();
    const painting = new AbortController();
    this.painting = painting;
    const place = byId('map');
    place.setAttribute('aria-busy', 'true');
    try {
      const codes = await this.codes(this.store.state, edition, painting.signal);
      if (!codes) return;
      await map.paint(codes);
      await map.whenDrawn();
    } catch (error) {
      if (!painting.signal.aborted) this.showAlert(error);
    } finally {
      if (this.painting === painting) place.removeAttribute('aria-busy');
    }
  }

  /** The paint codes of a view, its legend shown on the way; nothing when another was asked for meanwhile. */
  private async codes(state: State, edition: Edition, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (isTrying(state) && this.simuler) {
      const [simuler, classe] = await Promise.all([this.simuler, this.values.column('classe', state, edition)]);
      return signal.aborted ? undefined : simuler.codes(classe);
    }
    const { vue } = state;
    const finest = edition.cells.at(-1);
    if (vue === 'moment') {
      const [classe, values, moment, { momentPeople, showMoment }] = await Promise.all([
        this.values.column('classe', state, edition),
        this.values.column('ouvert', state, edition),
        this.api.getMoment(state, signal),
        import('./panel/moment.ts'),
      ]);
      if (signal.aborted) return undefined;
      showMoment(byId('quand'), state, moment, (quand) => this.store.update({ quand }));
      this.legend(momentPeople(moment));
      return paintCodes({ vue, classe, values });
    }
    if (vue === 'classes' || !finest) {
      const classe = await this.values.column('classe', state, edition);
      if (signal.aborted) return undefined;
      this.legend();
      return paintCodes({ vue: 'classes', classe });
    }
    const [classe, values, personnes] = await Promise.all([
      this.values.column('classe', state, edition),
      this.values.column(VIEW_COLUMN[vue], state, edition),
      this.values.column('personnes', state, edition),
    ]);
    if (signal.aborted) return undefined;
    const codes = paintCodes({ vue, classe, values, ifnBounds: edition.ifn_bounds });
    this.legend(peopleByCode(codes, personnes, finest));
    return codes;
  }

  private async onPick(pick: Pick): Promise<void> {
    if (pick.kind !== 'lieu-at') {
      if ((await this.simuler)?.takes(undefined)) return;
      this.store.update({ selection: pick });
      return;
    }
    try {
      const lieux = await this.api.getLieux();
      // A stop carries the id of its service, which stops many times: its position tells it apart.
      const lieu =
        [lieux[pick.index]].find((candidate) => candidate?.properties.nom === pick.nom) ??
        lieux.find(({ properties }) => properties.id === pick.id) ??
        lieux.find(({ properties }) => properties.nom === pick.nom);
      if (!lieu || (await this.simuler)?.takes(lieu)) return;
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
    this.board.mark(selection);
    void this.map?.select(selection);
    if (!selection) {
      this.details.hide();
      return;
    }
    const stays = selection.kind === 'maille' || (!byHand && state.position !== null);
    if (!stays) void this.goTo(selection, byHand);
    // On a narrow screen the card covers the foot of the page: bring the map above it.
    if (byHand && window.innerWidth < 960) byId('map').scrollIntoView();
    await this.details.open(selection, state, { takeFocus: byHand });
  }

  private async goTo(selection: Selection, byHand: boolean): Promise<void> {
    const { map } = this;
    if (!map) return;
    switch (selection.kind) {
      case 'zone': {
        const zone = this.zones.find(({ id }) => String(id) === selection.id);
        if (zone) map.flyToBounds(zone.bbox, byHand);
        return;
      }
      case 'territoire': {
        const known = [...this.rows.values()].flat().find(({ type, code }) => `${type}:${code}` === selection.id);
        // The card asks for the same address and says what is wrong with it, if anything is.
        const gap = known ?? (await this.api.getTerritoire(selection.id, this.store.state).catch(() => undefined));
        if (gap?.bbox) map.flyToBounds(gap.bbox, byHand);
        return;
      }
      case 'lieu': {
        const lieux = await this.api.getLieux().catch(() => []);
        const lieu = lieux.find(({ properties }) => properties.id === selection.id);
        if (lieu) map.flyToPoint(lieu.geometry.coordinates, byHand);
        return;
      }
      case 'maille':
        return;
    }
  }

  private bindSimulation(): void {
    const opener = byId('simuler-bouton') as HTMLButtonElement;
    opener.disabled = false;
    opener.addEventListener('click', () => {
      this.store.update({ selection: null, essai: '' });
    });
    if (isTrying(this.store.state)) void this.simulate();
  }

  /** Hands the current state to the mode that tries changes, whose code is asked for when it is first opened. */
  private async simulate(): Promise<void> {
    const { api, edition, map, store } = this;
    if (!edition || !map) return;
    this.simuler ??= Promise.all([import('./simulate/mode.ts'), api.getLieux()]).then(
      ([{ SimulationMode }, lieux]) =>
        new SimulationMode({
          api,
          edition,
          map,
          store,
          lieux,
          panel: byId('simuler'),
          stage: byId('map').parentElement as HTMLElement,
          bar: byId('vues').parentElement as HTMLElement,
          voice: byId('annonce'),
          opener: byId('simuler-bouton'),
          repaint: () => void this.repaint(),
        }),
    );
    try {
      (await this.simuler).follow(this.store.state);
    } catch (error) {
      this.simuler = undefined;
      this.showAlert(error);
    }
  }

  private bindSkipLinks(): void {
    for (const link of document.querySelectorAll<HTMLElement>('[data-skip]')) {
      link.addEventListener('click', (event) => {
        // The fragment belongs to the state, so the jump is made here.
        event.preventDefault();
        const target = link.dataset['skip'] ?? '';
        if (target === 'tableau') this.store.update({ tableau: true });
        byId(target).focus();
        byId(target).scrollIntoView();
      });
    }
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

/** Resolves once what is on the page is on screen; soon, where nothing is painted, as behind another tab. */
function painted(): Promise<void> {
  const SOON = 300;
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, SOON);
  });
}

new Page().start();
