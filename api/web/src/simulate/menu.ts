/** The answers to "what would you try?": a button for each tool. */
import { button, element } from '../shared/element.ts';
import { type ToolKey, TOOLS } from './bench.ts';
import { terms } from './words.ts';

export function toolMenu(use: (key: ToolKey) => void): HTMLUListElement {
  return element(
    'ul',
    { class: 'tools' },
    ...TOOLS.map((key) =>
      element(
        'li',
        {},
        button(
          { class: `tools__one tools__one--${key}`, 'data-tool': key },
          () => use(key),
          element('span', {}, terms.tools[key]),
          element('small', {}, terms.toolHints[key]),
        ),
      ),
    ),
  );
}
