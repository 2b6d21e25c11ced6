/** The shape of a catalogue: the keys of the French one, any text, the same parameters. */
export type Words<T> = T extends string ? string : T extends (...args: infer A) => string ? (...args: A) => string : { readonly [K in keyof T]: Words<T[K]> };
