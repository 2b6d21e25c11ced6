// <maillage-carte territoire="epci:…" couche="zones-blanches">: a frame that takes the
// height of what it holds. No cookie, nothing but the server this file comes from.
(() => {
  const root = new URL('.', document.currentScript.src);
  const ATTRIBUTES = ['territoire', 'couche', 'cle'];
  class MaillageCarte extends HTMLElement {
    static observedAttributes = [...ATTRIBUTES, 'titre'];
    #frame = document.createElement('iframe');
    #onMessage = (event) => {
      const height = event.data?.maillage?.height;
      if (event.source !== this.#frame.contentWindow || event.origin !== root.origin || !Number.isFinite(height)) return;
      this.#frame.style.height = `${Math.min(Math.max(Math.ceil(height), 120), 4000)}px`;
    };
    constructor() {
      super();
      const style = new CSSStyleSheet();
      style.replaceSync(':host { display: block !important; min-width: 0 } iframe { display: block; width: 100%; height: 640px; border: 0 }');
      const shadow = this.attachShadow({ mode: 'closed' });
      shadow.adoptedStyleSheets = [style];
      shadow.append(this.#frame);
      this.#frame.loading = 'lazy';
    }
    connectedCallback() {
      addEventListener('message', this.#onMessage);
      this.#show();
    }
    disconnectedCallback() {
      removeEventListener('message', this.#onMessage);
    }
    attributeChangedCallback() {
      if (this.isConnected) this.#show();
    }
    #show() {
      const address = new URL('embed', root);
      for (const name of ATTRIBUTES) if (this.getAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      this.#frame.title = this.getAttribute('titre') ?? 'Carte de l’accès à l’aide au numérique';
      if (this.#frame.src !== address.href) this.#frame.src = address.href;
    }
  }
  if (!customElements.get('maillage-carte')) customElements.define('maillage-carte', MaillageCarte);
})();
