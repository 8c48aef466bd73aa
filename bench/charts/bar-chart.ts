import { figure, label, round, svg } from './svg.ts';

type Bar = { readonly label: string; readonly value: number; readonly isOurs: boolean };
type Chart = { readonly title: string; readonly unit: string; readonly bars: readonly Bar[] };

const LEFT = 270;
const RIGHT = 70;
const WIDTH = 800;
const TOP = 56;
const ROW = 30;

/** Horizontal bars from zero with their figures, as an SVG. */
export function barChart({ title, unit, bars }: Chart): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const body = [
    label(title, { x: 10, y: 22, kind: 'title' }),
    label(unit, { x: LEFT, y: TOP - 12, kind: 'quiet' }),
    ...bars.flatMap((bar, index) => drawBar(bar, TOP + index * ROW, ((WIDTH - LEFT - RIGHT) * bar.value) / most)),
  ];
  return svg({ width: WIDTH, height: TOP + bars.length * ROW + 8, title, body });
}

const drawBar = (bar: Bar, y: number, length: number): string[] => [
  label(bar.label, { x: LEFT - 10, y: y + 16, anchor: 'end' }),
  `<rect x="${LEFT}" y="${y}" width="${round(length)}" height="${ROW - 8}" rx="2" class="${bar.isOurs ? 'ours' : 'theirs'}"/>`,
  label(figure(bar.value), { x: LEFT + length + 6, y: y + 16 }),
];
