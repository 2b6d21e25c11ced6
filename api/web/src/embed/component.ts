/**
 * `<maillage-carte territoire="epci:200072031" couche="zones-blanches">`, for pages of
 * other sites: a frame that takes the height of what it shows.
 *
 * Built to `embed.js`, a classic script of its own: it imports nothing, and keeps its
 * names to itself, because the page around it is not ours. It sets no cookie and asks
 * nothing of anybody but of the server that it came from.
 */

/** What the frame sends to the page around it; see embed.ts. */
export interface Height {
  readonly maillage: 'hauteur';
  /** CSS pixels. */
  readonly pixels: number;
}

(() => {
  const NAME = 'maillage-carte';
  /** Attributes that are parameters of the frame's address. */
  const PARAMETERS = ['territoire', 'couche', 'integration', 'service', 'mode', 'cutoff', 'min_hours'];
  const TITLE = 'Aide au numérique : carte et chiffres';
  /** Until the frame says its own; CSS pixels. */
  const FIRST_HEIGHT = 640;
  const LEAST = 80;
  const MOST = 6000;
  /** How long a frame that has loaded may stay silent before the link is shown, ms: it was refused. */
  const PATIENCE = 4000;

  if (customElements.get(NAME)) return;

  // A module has no current script.
  const script = document.currentScript ?? document.querySelector('script[src$="/embed.js"]');
  if (!(script instanceof HTMLScriptElement) || script.src === '') return;
  const root = new URL('.', script.src);

  // Important rules inside a shadow tree win over those of the page, important or not.
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial !important; display: block !important; width: 100% !important; min-width: 0 !important; contain: inline-size !important; }
    :host([hidden]) { display: none !important; }
    iframe { all: initial !important; display: block !important; width: 100% !important; height: var(--hauteur) !important; border: 0 !important; }
    slot { display: none !important; }
    .muet slot { display: block !important; font: 16px/1.5 sans-serif !important; }
  `);

  class Carte extends HTMLElement {
    static readonly observedAttributes = [...PARAMETERS, 'title'];
    private readonly box = document.createElement('div');
    private readonly frame = document.createElement('iframe');
    private address = '';
    private silence = 0;

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: 'open' });
      shadow.adoptedStyleSheets = [style];
      this.setHeight(FIRST_HEIGHT);
      this.frame.loading = 'lazy';
      // The host alone is told, so that views are counted by site.
      this.frame.referrerPolicy = 'strict-origin';
      this.frame.addEventListener('load', () => {
        if (!this.address) return; // still empty
        clearTimeout(this.silence);
        this.silence = window.setTimeout(() => this.box.classList.add('muet'), PATIENCE);
      });
      this.box.append(this.frame, document.createElement('slot'));
      shadow.append(this.box);
    }

    connectedCallback(): void {
      addEventListener('message', this.onMessage);
      this.show();
    }

    disconnectedCallback(): void {
      removeEventListener('message', this.onMessage);
      clearTimeout(this.silence);
    }

    attributeChangedCallback(): void {
      if (this.isConnected) queueMicrotask(() => this.show());
    }

    private show(): void {
      const address = new URL('embed', root);
      for (const name of PARAMETERS) {
        const value = this.getAttribute(name);
        if (value) address.searchParams.set(name, value);
      }
      this.frame.title = this.getAttribute('title') || TITLE;
      if (address.href === this.address) return;
      this.address = address.href;
      this.frame.src = address.href;
    }

    /** Believes its own frame only, and only while the server's page is in it. */
    private readonly onMessage = ({ origin, source, data }: MessageEvent<Partial<Height> | null>): void => {
      if (origin !== root.origin || source !== this.frame.contentWindow || data?.maillage !== 'hauteur') return;
      if (!Number.isFinite(data.pixels)) return;
      clearTimeout(this.silence);
      this.box.classList.remove('muet');
      this.setHeight(Math.min(MOST, Math.max(LEAST, Math.ceil(data.pixels as number))));
    };

    private setHeight(pixels: number): void {
      this.frame.style.setProperty('--hauteur', `${pixels}px`);
    }
  }

  customElements.define(NAME, Carte);
})();
