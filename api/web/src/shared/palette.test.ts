import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLASSES } from './api.ts';
import { CROSSED } from './legend.gen.ts';
import { CHANGED, CLASS_COLOURS, COLOURS, contrast, DIFFERENCE_COLOURS, HATCHED, type Hex, luminance, MOMENT_COLOURS, MOMENT_STATES, PALETTE, RAMPS, rgb } from './palette.ts';

/**
 * Colour-vision deficiencies at full severity, as 3×3 matrices on linear RGB:
 * Machado, Oliveira and Fernandes, "A Physiologically-based Model for
 * Simulation of Color Vision Deficiency", 2009.
 */
const VISIONS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
  'grey print': [[0.2126, 0.7152, 0.0722], [0.2126, 0.7152, 0.0722], [0.2126, 0.7152, 0.0722]],
};

/** Two colours this far apart (CIE 1976 ΔE) are told apart at a glance, side by side. */
const APART = 20;
/** In grey only lightness is left; two tints this far apart stay two tints. */
const APART_IN_GREY = 12;

test('the pages that the server makes have the bands of the map, and no more', () => {
  const css = readFileSync(new URL('../../../page/pages.css', import.meta.url), 'utf8');
  for (const name of ['temps', 'heures', 'ifn'] as const) {
    RAMPS[name].forEach((_, band) => expect(css).toContain(`.${name}-${band} { fill: var(--${name}-${band}); }`));
    expect(css).not.toContain(`.${name}-${RAMPS[name].length} `);
  }
});

test('every colour that a style sheet names is one of the palette', () => {
  const folder = new URL('../css/', import.meta.url);
  const sheets = [...readdirSync(folder).map((name) => new URL(name, folder)), new URL('../../../page/pages.css', import.meta.url)];
  const own = new Set(['--radius', '--shadow', '--filled', '--track', '--knob', '--handle']);
  for (const sheet of sheets) {
    const css = readFileSync(sheet, 'utf8');
    for (const [, name = ''] of css.matchAll(/var\(--([\w-]+)/g)) {
      const defined = name in PALETTE || own.has(`--${name}`) || css.includes(`--${name}:`);
      expect(defined, `${sheet.pathname}: --${name}`).toBe(true);
    }
  }
});

describe.each(Object.keys(VISIONS))('with %s', (vision) => {
  const drawn = CLASSES.filter((classe) => classe !== 'inconnue');

  test('classes are told apart; unknown ones are hatched besides', () => {
    for (const [a, b] of pairs(drawn)) {
      const apart = difference(CLASS_COLOURS[a], CLASS_COLOURS[b], vision);
      expect(apart, `${a} and ${b}`).toBeGreaterThan(vision === 'grey print' ? APART_IN_GREY : APART);
    }
  });

  test('states of a moment are told apart; unknown ones are hatched besides', () => {
    const drawnStates = MOMENT_STATES.filter((state) => state !== 'inconnu');
    for (const [a, b] of pairs(drawnStates)) {
      expect(difference(MOMENT_COLOURS[a], MOMENT_COLOURS[b], vision), `${a} and ${b}`).toBeGreaterThan(vision === 'grey print' ? APART_IN_GREY : APART);
    }
  });

  test.each(Object.entries(RAMPS))('the ramp of %s never goes back, and each step shows', (_, ramp) => {
    for (let step = 1; step < ramp.length; step += 1) {
      const [lighter, darker] = [ramp[step - 1] as Hex, ramp[step] as Hex];
      expect(lightness(darker, vision), `${lighter} then ${darker}`).toBeLessThan(lightness(lighter, vision) - 3);
    }
  });
});

test('need that is crossed grows darker along both ways, in print too, and what is left out is paler than all', () => {
  for (const vision of Object.keys(VISIONS)) {
    CROSSED.forEach((row, need) =>
      row.forEach((colour, other) => {
        for (const lighter of [CROSSED[need - 1]?.[other], row[other - 1]]) {
          if (lighter) expect(lightness(colour, vision), `${lighter} then ${colour}, ${vision}`).toBeLessThan(lightness(lighter, vision) - 3);
        }
        if (need + other > 0) expect(lightness(PALETTE['no-gain'], vision)).toBeGreaterThan(lightness(colour, vision) + 3);
      }),
    );
  }
});

test('where nobody lacks help is paler than where somebody does, in print too', () => {
  for (const vision of Object.keys(VISIONS)) {
    for (const colour of RAMPS.agir) expect(lightness(PALETTE['no-gain'], vision), `${colour}, ${vision}`).toBeGreaterThan(lightness(colour, vision) + 3);
  }
});

test('a zone blanche stands out from every other class', () => {
  for (const classe of CLASSES) {
    if (classe !== 'blanche') expect(contrast(CLASS_COLOURS.blanche, CLASS_COLOURS[classe]), classe).toBeGreaterThan(3);
  }
});

test('what is unknown is hatched in every view, and losses besides', () => {
  expect(HATCHED.size).toBe(7);
  for (const code of HATCHED) expect(COLOURS.has(code)).toBe(true);
});

test('gains and losses differ in lightness for every vision, from each other and from what stays', () => {
  const { gagne, perd, inchange } = DIFFERENCE_COLOURS;
  for (const vision of Object.keys(VISIONS)) {
    for (const [a, b] of pairs([gagne, perd, inchange])) expect(Math.abs(lightness(a, vision) - lightness(b, vision)), `${a} ${b} ${vision}`).toBeGreaterThan(15);
  }
});

test('a code and the mark of a change fit together in a byte', () => {
  for (const code of COLOURS.keys()) expect(code).toBeLessThan(CHANGED);
  expect(CHANGED + Math.max(...COLOURS.keys())).toBeLessThan(256);
});

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  expect(luminance('#ff0000')).toBeCloseTo(0.2126, 4);
});

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b): [T, T] => [a, b]));
}

function difference(a: Hex, b: Hex, vision: string): number {
  const [x, y] = [lab(a, vision), lab(b, vision)];
  return Math.hypot(...x.map((value, index) => value - (y[index] ?? 0)));
}

function lightness(colour: Hex, vision: string): number {
  return lab(colour, vision)[0] ?? 0;
}

/** CIE L*a*b* under D65, as seen with `vision`. */
function lab(colour: Hex, vision: string): number[] {
  const linear = rgb(colour).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const seen = times(VISIONS[vision] ?? [], linear).map((value) => Math.min(1, Math.max(0, value)));
  const [x = 0, y = 0, z = 0] = times(
    [[0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505], [0.2126, 0.7152, 0.0722], [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089]],
    seen,
  ).map((t) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function times(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0));
}
