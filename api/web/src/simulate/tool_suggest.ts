/** The tool that lists where a lieu would help most. */
import { isAbort } from '../shared/api.ts';
import { button, element } from '../shared/element.ts';
import type { Bench, Tool } from './bench.ts';
import { hoursField, servicesField } from './fields.ts';
import { appended, rounded } from './scenario.ts';
import { type Place, placeOf, type Supply } from './simulation.ts';
import { knowingSection } from './knowing.ts';
import { faultLine } from './tool_parts.ts';
import { terms } from './words.ts';

export function suggestTool(bench: Bench): Tool {
  const list = element('div', { class: 'places', 'aria-live': 'polite' });
  const fault = faultLine();
  let asking: AbortController | undefined;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    list.replaceChildren(element('p', { class: 'tool__hint' }, terms.suggest.loading));
    fault.textContent = '';
    try {
      const { places, knowing } = await bench.places(bench.supply, signal);
      if (signal.aborted) return;
      const ask = knowingSection(knowing, knowing.length, (id) => bench.openLieu(id));
      list.replaceChildren(
        ...(ask ? [ask] : []),
        places.length > 0 ? element('ol', {}, ...places.map(item)) : element('p', { class: 'tool__hint' }, terms.suggest.none),
      );
      bench.showGains(bench.supply);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      const text = bench.sentence(error);
      if (fault.closest('[hidden]')) list.replaceChildren(element('p', { class: 'tool__fault' }, text));
      else {
        list.replaceChildren();
        fault.textContent = text;
      }
    }
  };
  const item = (place: Place) =>
    element(
      'li',
      {},
      button(
        { class: 'place' },
        () => {
          const { services, horaires } = bench.supply;
          const nom = place.nom ?? terms.newLieu(bench.scenario().actions.length + 1);
          const index = bench.scenario().actions.length;
          bench.change(appended(bench.scenario(), { do: 'add_lieu', nom, ...rounded(placeOf(place)), services, horaires }));
          bench.map.flyToPoint(placeOf(place), true, 11);
          bench.use('ouvrir', index);
        },
        element('span', { class: 'place__rank', 'aria-hidden': 'true' }, String(place.rank)),
        element('span', { class: 'place__name' }, place.nom ?? terms.suggest.somewhere),
        element('b', {}, terms.suggest.gain(place.covered)),
        element('small', {}, terms.suggest.from(place.from_blanche)),
        place.publics_sentence !== undefined && element('small', {}, terms.suggest.who(place.publics_sentence)),
      ),
    );
  void ask();
  const update = (patch: Partial<Supply>) => {
    bench.supply = { ...bench.supply, ...patch };
    void ask();
  };
  return {
    key: 'suggerer',
    fault,
    body: element(
      'div',
      { class: 'tool' },
      element('p', { class: 'tool__hint' }, terms.suggest.hint),
      hoursField('heures-lieu', bench.supply.horaires, (horaires) => update({ horaires }), fault),
      servicesField('services-lieu', bench.supply.services, (services) => update({ services })),
      list,
    ),
    refresh: () => void ask(),
    end: () => asking?.abort(),
  };
}
