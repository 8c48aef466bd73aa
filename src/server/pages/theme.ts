/** Relative luminance, as WCAG defines it. @param color as in `#2457c5` */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(color.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** The style sheet of the operator's colour: text on it stays readable. */
export const themeOf = (color: string): string =>
  `:root { --brand: ${color}; --on-brand: ${luminance(color) > 0.1791 ? '#000' : '#fff'}; }\n`;
