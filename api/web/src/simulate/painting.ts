/** What the map shows while changes are tried: the overlay that is chosen, its legend, and the curtain between before and after. */
import { isAbort } from '../shared/api.ts';
import type { Column } from '../shared/columns.ts';
import type { Around } from './around.ts';
import { gainCodes, type Overlay, overlay } from './overlay.ts';
import { OverlayControl } from './overlay_control.ts';
import { overlayLegend } from './overlay_legend.ts';
import type { Simulation, Simulations, Supply } from './simulation.ts';

/** What is painted, and who hears of what went wrong. */
export interface Subject {
  readonly result: () => Simulation | undefined;
  readonly supply: () => Supply;
  readonly fault: (error: unknown) => void;
}

export class Painting {
  private open = false;
  private classe: Column | undefined;
  private gains: Uint32Array | undefined;
  private gaining: AbortController | undefined;
  private readonly control = new OverlayControl(
    (overlay) => {
      this.stop();
      if (overlay === 'gains' && !this.gains) this.showGains(this.subject.supply());
      else this.choose(overlay);
    },
    () => this.drawCurtain(),
  );

  constructor(
    private readonly around: Around,
    private readonly simulations: Simulations,
    private readonly subject: Subject,
  ) {
    around.bar.insertBefore(this.control.choice, around.opener);
    around.stage.append(this.control.legend, this.control.curtain);
  }

  get overlay(): Overlay {
    return this.control.current;
  }

  show(): void {
    this.open = true;
    this.control.show(true);
  }

  hide(): void {
    this.open = false;
    this.control.show(false);
    void this.around.map.drawCurtain(null, 0);
  }

  /** Gives up the gains that are being asked for. */
  stop(): void {
    this.gaining?.abort();
  }

  /** The gains were of another question. */
  forgetGains(): void {
    this.gains = undefined;
  }

  showGains(supply: Supply): void {
    this.stop();
    const gaining = new AbortController();
    this.gaining = gaining;
    this.simulations
      .gains(this.around.store.state, supply, gaining.signal)
      .then((gains) => {
        if (gaining.signal.aborted) return;
        this.gains = gains;
        this.choose('gains');
      })
      .catch((error: unknown) => {
        if (!isAbort(error) && !gaining.signal.aborted) this.subject.fault(error);
      });
  }

  choose(overlay: Overlay): void {
    this.control.set(overlay);
    this.paint();
  }

  /** The scenario is another, which some overlays would not show; `live` while a hand is still moving it. */
  reveal(live: boolean): void {
    if (this.overlay === 'gains' || this.overlay === 'avant' || (this.overlay === 'rideau' && live)) this.choose('apres');
  }

  /** The paint codes over the classes of the current question. */
  codes(classe: Column): Uint8Array {
    this.classe = classe;
    if (this.overlay === 'gains' && this.gains) return gainCodes(this.gains);
    return overlay(classe, this.subject.result()?.map, this.overlay === 'gains' || this.overlay === 'rideau' ? 'apres' : this.overlay);
  }

  paint(): void {
    this.control.legend.replaceChildren(...overlayLegend(this.overlay, this.subject.result(), this.around.store.state));
    if (this.classe) void this.around.map.paint(this.codes(this.classe));
    else this.around.repaint();
    this.drawCurtain();
  }

  private drawCurtain(): void {
    const { curtain } = this.control;
    const drawn = this.open && this.overlay === 'rideau';
    curtain.hidden = !drawn;
    const before = drawn && this.classe ? overlay(this.classe, this.subject.result()?.map, 'avant') : null;
    void this.around.map.drawCurtain(before, Number(curtain.value) / 100);
  }
}
