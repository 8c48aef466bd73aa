import { figure, label, round, svg } from './svg.ts';

type Point = readonly [x: number, y: number];
/** @param figures where they stand; above the points unless said */
type Series = { readonly name: string; readonly points: readonly Point[]; readonly figures?: 'above' | 'below' };
type Chart = {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** At most three. */
  readonly series: readonly Series[];
  /** The x axis is; 0 cannot be shown. */
  readonly logarithmic?: boolean;
};

const SIZE = { width: 800, height: 380, left: 70, right: 30, top: 76, bottom: 56 };
const INSET = 28; // keeps the first and last figures off the edges

/** Lines over a y axis from zero, with their figures, as an SVG. */
export function lineChart({ title, xTitle, yTitle, series, logarithmic = false }: Chart): string {
  const all = series.flatMap(({ points }) => points);
  const xs = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b);
  const top = niceCeiling(Math.max(...all.map(([, y]) => y)));
  const position = logarithmic ? Math.log10 : (x: number) => x;
  const [low, high] = [position(xs[0] ?? 0), position(xs.at(-1) ?? 1)];
  const xOf = (x: number) =>
    SIZE.left + INSET + ((position(x) - low) / (high - low || 1)) * (SIZE.width - SIZE.left - SIZE.right - 2 * INSET);
  const yOf = (y: number) => SIZE.height - SIZE.bottom - (y / top) * (SIZE.height - SIZE.top - SIZE.bottom);
  const body = [
    label(title, { x: 10, y: 22, kind: 'title' }),
    label(yTitle, { x: 10, y: SIZE.top - 14, kind: 'quiet' }),
    label(xTitle, { x: (SIZE.left + SIZE.width - SIZE.right) / 2, y: SIZE.height - 10, anchor: 'middle', kind: 'quiet' }),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => gridLine(share * top, yOf(share * top))),
    ...xs.map((x) => label(figure(x), { x: xOf(x), y: SIZE.height - SIZE.bottom + 20, anchor: 'middle', kind: 'quiet' })),
    ...series.flatMap(({ name, points, figures }, index) => [
      `<rect x="${SIZE.left + index * 230}" y="36" width="12" height="12" class="d${index}"/>`,
      label(name, { x: SIZE.left + 18 + index * 230, y: 47 }),
      `<polyline points="${points.map(([x, y]) => `${round(xOf(x))},${round(yOf(y))}`).join(' ')}" class="line s${index}"/>`,
      ...points.map(([x, y]) => `<circle cx="${round(xOf(x))}" cy="${round(yOf(y))}" r="3.5" class="d${index}"/>`),
      ...points.map(([x, y]) => label(figure(y), { x: xOf(x), y: yOf(y) + (figures === 'below' ? 20 : -9), anchor: 'middle' })),
    ]),
  ];
  return svg({ ...SIZE, title, body });
}

const gridLine = (value: number, y: number): string[] => [
  `<line x1="${SIZE.left}" x2="${SIZE.width - SIZE.right}" y1="${round(y)}" y2="${round(y)}" class="grid"/>`,
  label(figure(value), { x: SIZE.left - 8, y: y + 4, anchor: 'end', kind: 'quiet' }),
];

/** The next of 1, 2, 4, 6, 8 times a power of ten, with room for figures above the points. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value * 1.1 || 1));
  return ([1, 2, 4, 6, 8].find((step) => step * power >= value * 1.1) ?? 10) * power;
}
