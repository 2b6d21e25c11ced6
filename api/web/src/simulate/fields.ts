/** The fields that the tools of a simulation share. Each asks one question and tells every change once. */
import { button, element } from '../shared/element.ts';
import { words } from '../shared/words.ts';
import { servicesOf, type Week, WEEKS, weekOf } from './scenario.ts';
import { terms } from './words.ts';
import { type Service, SERVICES } from '../shared/state.ts';

/** When it is open: a ready-made week or hours of one's own, which the server reads; `fault` shows its remark. */
export function hoursField(
  name: string,
  current: string | undefined,
  choose: (horaires: string) => void,
  fault: HTMLElement,
): HTMLFieldSetElement {
  const chosen = current === undefined ? undefined : (weekOf(current) ?? 'autre');
  const text = element('input', { type: 'text', id: `${name}-texte`, autocomplete: 'off', spellcheck: 'false', maxlength: 200 });
  text.value = chosen === 'autre' ? (current ?? '') : WEEKS.complet;
  const own = element(
    'div',
    { class: 'field field--own', hidden: chosen !== 'autre' },
    element('label', { for: text.id }, terms.hours.text),
    element('span', { class: 'field__row' }, text, button({ class: 'button button--quiet' }, () => choose(text.value.trim()), terms.hours.apply)),
    element('small', {}, terms.hours.example),
    fault,
  );
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') choose(text.value.trim());
  });
  const radio = (value: Week | 'autre', label: string) => {
    const input = element('input', { type: 'radio', name, value, checked: value === chosen });
    input.addEventListener('change', () => {
      own.hidden = value !== 'autre';
      if (value === 'autre') text.focus();
      else choose(WEEKS[value]);
    });
    return element('label', { class: 'choice' }, input, element('span', {}, label));
  };
  return element(
    'fieldset',
    { class: 'field' },
    element('legend', {}, terms.hours.question),
    ...(Object.keys(WEEKS) as Week[]).map((week) => radio(week, terms.hours.weeks[week])),
    radio('autre', terms.hours.custom),
    own,
  );
}

/** Which services, folded away while they are all. */
export function servicesField(name: string, current: readonly Service[], choose: (services: Service[]) => void): HTMLElement {
  const all = ['tous', ...SERVICES] as const;
  const summary = element('summary', {});
  const none = element('small', { class: 'tool__fault', role: 'alert' });
  const say = (services: readonly Service[]) => {
    const count = services.includes('tous') ? terms.services.all : terms.services.some(services.length);
    summary.textContent = `${terms.services.question} ${count}`;
  };
  const boxes = all.map((service) => {
    const box = element('input', { type: 'checkbox', id: `${name}-${service}`, value: service });
    box.checked = current.includes(service);
    box.addEventListener('change', () => {
      // "Tous" and a choice of some exclude each other.
      if (box.checked) for (const other of boxes) if ((service === 'tous') !== (other.value === 'tous')) other.checked = false;
      const services = servicesOf(boxes.filter(({ checked }) => checked).map(({ value }) => value as Service));
      none.textContent = services.length === 0 ? terms.services.none : '';
      if (services.length === 0) return;
      say(services);
      choose(services);
    });
    return box;
  });
  say(current);
  return element(
    'details',
    { class: 'field', open: !current.includes('tous') },
    summary,
    element(
      'div',
      { role: 'group', 'aria-label': terms.services.question },
      ...boxes.map((box) => element('label', { class: 'choice' }, box, element('span', {}, words.services[box.value as Service]))),
    ),
    none,
  );
}

/** A short text, told when it is left. */
export function textField(id: string, label: string, current: string, choose: (text: string) => void): HTMLElement {
  const input = element('input', { type: 'text', id, autocomplete: 'off', maxlength: 120 });
  input.value = current;
  input.addEventListener('change', () => choose(input.value.trim()));
  return element('div', { class: 'field' }, element('label', { for: id }, label), input);
}
