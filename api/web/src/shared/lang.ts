/** The language of the page: French, or English when its root element says so. */
export const ENGLISH = globalThis.document?.documentElement.lang === 'en';
export const LOCALE = ENGLISH ? 'en-GB' : 'fr-FR';
