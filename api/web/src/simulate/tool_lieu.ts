/** The tools that open, close and move a lieu, and change its hours. */
import type { LieuFeature, LonLat } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import type { Bench, Tool } from './bench.ts';
import { hoursField, servicesField, textField } from './fields.ts';
import { type AddLieu, appended, moved, replaced, settledOn, rounded } from './scenario.ts';
import type { Supply } from './simulation.ts';
import { actionLieu, chosenLine, faultLine, hintLine, isFixed, lieuField, placingHelp, tourOf } from './tool_parts.ts';
import { terms } from './words.ts';

export function openTool(bench: Bench, index: number | undefined): Tool {
  let at = index;
  const action = () => (at === undefined ? undefined : (bench.scenario().actions[at] as AddLieu | undefined));
  const rank = (index ?? bench.scenario().actions.length) + 1;
  let draft: { nom: string; supply: Supply } = { nom: action()?.nom ?? terms.newLieu(rank), supply: action() ?? bench.supply };
  const hint = hintLine(at === undefined ? terms.place.hint : terms.place.hintAgain);

  const place = (to: LonLat) => {
    const old = action();
    if (old && at !== undefined) {
      bench.change(replaced(bench.scenario(), at, moved(old, to)));
      bench.say(terms.place.moved);
      return;
    }
    at = bench.scenario().actions.length;
    const { services, horaires } = draft.supply;
    bench.change(appended(bench.scenario(), { do: 'add_lieu', nom: draft.nom, ...rounded(to), services, horaires }));
    hint.textContent = terms.place.hintAgain;
    bench.say(terms.place.placed);
  };
  const update = (patch: { nom?: string } & Partial<Supply>) => {
    draft = { nom: patch.nom ?? draft.nom, supply: { ...draft.supply, ...patch } };
    bench.supply = { services: draft.supply.services, horaires: draft.supply.horaires };
    const old = action();
    if (old && at !== undefined) bench.change(replaced(bench.scenario(), at, { ...old, ...patch }));
  };
  const fault = faultLine();
  return {
    key: 'ouvrir',
    fault,
    head: element('div', { class: 'tool' }, hint, placingHelp(bench, terms.place.atCenter, place)),
    body: element(
      'div',
      { class: 'tool' },
      hoursField('heures-lieu', draft.supply.horaires, (horaires) => update({ horaires }), fault),
      servicesField('services-lieu', draft.supply.services, (services) => update({ services })),
      textField('nom-lieu', terms.name, draft.nom, (nom) => update({ nom: nom || terms.newLieu(rank) })),
    ),
    onPlace: place,
  };
}

export function closeTool(bench: Bench): Tool {
  const choose = (lieu: LieuFeature) => {
    const { kind, nom } = lieu.properties;
    const tour = kind === 'arret' ? tourOf(lieu) : undefined;
    bench.change(settledOn(bench.scenario(), tour ? { do: 'remove_tournee', id: tour } : { do: 'close_lieu', id: lieu.properties.id }));
    bench.say(terms.pick.closed(nom));
  };
  return {
    key: 'fermer',
    head: element('div', { class: 'tool' }, lieuField(bench, 'fermer', () => true, choose)),
    body: element('div'),
    onLieu: choose,
  };
}

export function moveTool(bench: Bench, index: number | undefined): Tool {
  const body = element('div', { class: 'tool' });
  let lieu: LieuFeature | undefined;
  const place = (to: LonLat) => {
    if (!lieu) return;
    bench.change(settledOn(bench.scenario(), { do: 'move_lieu', id: lieu.properties.id, ...rounded(to) }));
    bench.say(terms.place.moved);
  };
  const tool = {
    key: 'deplacer' as const,
    head: body,
    body: element('div'),
    onPlace: undefined as ((at: LonLat) => void) | undefined,
    onLieu: undefined as ((lieu: LieuFeature) => void) | undefined,
  };
  const choose = (chosen: LieuFeature) => {
    if (chosen.properties.kind === 'arret') return bench.say(terms.pick.notThis);
    lieu = chosen;
    tool.onPlace = place;
    tool.onLieu = undefined;
    body.replaceChildren(
      chosenLine(chosen, () => start()),
      hintLine(terms.place.hintMove),
      placingHelp(bench, terms.place.atCenter, place),
    );
    // A mark to drag: where it is, until it is moved.
    const known = bench.scenario().actions.some((action) => action.do === 'move_lieu' && action.id === chosen.properties.id);
    if (!known) place(chosen.geometry.coordinates);
    bench.retarget();
  };
  const start = () => {
    lieu = undefined;
    tool.onPlace = undefined;
    tool.onLieu = choose;
    body.replaceChildren(lieuField(bench, 'deplacer', isFixed, choose));
    bench.retarget();
  };
  const edited = actionLieu(bench, index);
  if (edited) choose(edited);
  else start();
  return tool as Tool;
}

export function hoursTool(bench: Bench, index: number | undefined): Tool {
  const body = element('div', { class: 'tool' });
  const fault = faultLine();
  const choose = (chosen: LieuFeature) => {
    const { id, kind, horaires } = chosen.properties;
    if (kind === 'arret') return bench.say(terms.pick.notThis);
    const old = bench.scenario().actions.find((action) => action.do === 'set_hours' && action.id === id);
    const current = old?.do === 'set_hours' ? old.horaires : horaires;
    body.replaceChildren(
      chosenLine(chosen, start),
      element('p', { class: 'tool__now' }, terms.hours.now(horaires || terms.hours.unknown)),
      hoursField('heures-lieu', current, (next) => bench.change(settledOn(bench.scenario(), { do: 'set_hours', id, horaires: next })), fault),
    );
  };
  const start = () => body.replaceChildren(lieuField(bench, 'horaires', isFixed, choose));
  const edited = actionLieu(bench, index);
  if (edited) choose(edited);
  else start();
  return { key: 'horaires', head: body, body: element('div'), fault, onLieu: choose };
}
