/** As factors: what is smaller than `readable` is only seen as a shape, and what is larger than `first` is so on request. */
const SCALES = { least: 0.02, most: 2.5, readable: 0.6, first: 1 } as const;
/** Pixels that what was looked for keeps from the border. */
const MARGIN = 48;

/** What of a drawing is seen: moved by dragging, changed in size by buttons, keys, and the wheel with Control. */
export class Viewport {
  readonly #svg: SVGSVGElement;
  readonly #scene: SVGGElement;
  readonly #size: { readonly width: number; readonly height: number };
  #scale = 1;
  #x = 0;
  #y = 0;

  constructor(svg: SVGSVGElement, scene: SVGGElement, size: { readonly width: number; readonly height: number }) {
    this.#svg = svg;
    this.#scene = scene;
    this.#size = size;
    svg.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    svg.addEventListener('pointerdown', (event) => this.#grab(event));
  }

  /** Shows all of it, no larger than it is. */
  fit(): void {
    const { width, height } = this.#frame();
    this.#scale = bounded(Math.min(width / this.#size.width, height / this.#size.height, SCALES.first));
    this.#x = (width - this.#size.width * this.#scale) / 2;
    this.#y = (height - this.#size.height * this.#scale) / 2;
    this.#apply();
  }

  /** Whether names are too small to be read. */
  get isTiny(): boolean {
    return this.#scale < SCALES.readable;
  }

  /** Around the middle, or around a place in the frame. */
  zoom(factor: number, at?: { readonly x: number; readonly y: number }): void {
    const { width, height } = this.#frame();
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    const scale = bounded(this.#scale * factor);
    this.#x = x - ((x - this.#x) * scale) / this.#scale;
    this.#y = y - ((y - this.#y) * scale) / this.#scale;
    this.#scale = scale;
    this.#apply();
  }

  /** Has a place of the drawing in view, large enough to be read. */
  reveal([x, y]: readonly [number, number]): void {
    const { width, height } = this.#frame();
    const isSmall = this.isTiny;
    if (isSmall) this.#scale = SCALES.readable;
    const [atX, atY] = [x * this.#scale + this.#x, y * this.#scale + this.#y];
    const isIn = (at: number, most: number): boolean => at >= MARGIN && at <= most - MARGIN;
    if (!isSmall && isIn(atX, width) && isIn(atY, height)) return;
    this.#x = within(width / 2 - x * this.#scale, width - this.#size.width * this.#scale);
    this.#y = within(height / 2 - y * this.#scale, height - this.#size.height * this.#scale);
    this.#apply();
  }

  #frame(): { readonly width: number; readonly height: number } {
    const { clientWidth, clientHeight } = this.#svg;
    return { width: Math.max(clientWidth, 1), height: Math.max(clientHeight, 1) };
  }

  #apply(): void {
    this.#scene.setAttribute('transform', `translate(${this.#x} ${this.#y}) scale(${this.#scale})`);
  }

  /** The wheel alone scrolls the page, as everywhere. */
  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = this.#svg.getBoundingClientRect();
    this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, { x: event.clientX - left, y: event.clientY - top });
  }

  #grab({ clientX, clientY, button, target }: PointerEvent): void {
    if (button !== 0 || (target instanceof Element && target.closest('.node') !== null)) return;
    const [fromX, fromY] = [this.#x - clientX, this.#y - clientY];
    const move = ({ clientX: x, clientY: y }: PointerEvent): void => {
      this.#x = fromX + x;
      this.#y = fromY + y;
      this.#apply();
    };
    this.#svg.classList.add('grabbed');
    window.addEventListener('pointermove', move);
    const release = (): void => {
      window.removeEventListener('pointermove', move);
      this.#svg.classList.remove('grabbed');
    };
    window.addEventListener('pointerup', release, { once: true });
    window.addEventListener('pointercancel', release, { once: true });
  }
}

/** So that no more than needed of what is around the drawing is seen. @param room what the drawing leaves free; may be negative */
function within(wanted: number, room: number): number {
  return Math.max(Math.min(wanted, Math.max(0, room)), Math.min(0, room));
}

function bounded(scale: number): number {
  return Math.min(SCALES.most, Math.max(SCALES.least, scale));
}
