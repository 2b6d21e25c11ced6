declare module 'pngjs' {
  export class PNG {
    static readonly sync: { read(file: Uint8Array): PNG };
    readonly width: number;
    readonly height: number;
    /** RGBA, rows from the top. */
    readonly data: Uint8Array;
  }
}
