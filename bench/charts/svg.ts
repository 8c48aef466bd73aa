/** Safe between tags and in attributes. */
export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);

type Text = { readonly x: number; readonly y: number; readonly anchor?: 'start' | 'middle' | 'end'; readonly kind?: string };

export const label = (text: string, { x, y, anchor = 'start', kind = 'text' }: Text): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" class="${kind}">${escapeXml(text)}</text>`;

export const round = (value: number): number => Math.round(value * 10) / 10;

/** As exact as it is worth reading: 1.25, 12.3, 12,300. */
export function figure(value: number): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

// Readable on light and dark pages: the page's colour shows through, the text follows the reader's setting.
const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 15px }
  .quiet { fill: #57606a }
  .grid { stroke: #8c959f; stroke-opacity: .35 }
  .ours { fill: #1a7f37 } .theirs { fill: #8c959f }
  .line { fill: none; stroke-width: 2 }
  .s0 { stroke: #0969da } .s1 { stroke: #bc4c00 } .s2 { stroke: #8250df }
  .d0 { fill: #0969da } .d1 { fill: #bc4c00 } .d2 { fill: #8250df }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .quiet { fill: #9198a1 }
    .ours { fill: #3fb950 } .theirs { fill: #656c76 }
    .s0 { stroke: #58a6ff } .s1 { stroke: #f0883e } .s2 { stroke: #bc8cff }
    .d0 { fill: #58a6ff } .d1 { fill: #f0883e } .d2 { fill: #bc8cff }
  }`;

/** A picture that needs nothing else. @param title read out by screen readers */
export function svg({ width, height, title, body }: { width: number; height: number; title: string; body: string[] }): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`;
  return `${open}\n<title>${escapeXml(title)}</title>\n<style>${style}\n</style>\n${body.join('\n')}\n</svg>\n`;
}
