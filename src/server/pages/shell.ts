import { createFile, type Page } from '../http/file.ts';
import { hashOf } from '../http/page.ts';
import { type Assets, libraries } from './modules.ts';

/** What the scripts of the pages know of the server. Anyone may read it. */
export type Facts = {
  readonly product: string;
  /** The path of the image; null: none. */
  readonly logo: string | null;
  readonly registration: boolean;
  readonly mail: boolean;
  readonly account: boolean;
  readonly admin: boolean;
  readonly minLength: number;
  /** By name, with what each allows. */
  readonly scopes: Readonly<Record<string, string>>;
};

type Shell = { readonly assets: Assets; readonly facts: Facts; readonly base: string };

/**
 * The page of one part of the front end. Its policy lets it run the server's own scripts and reach the server alone, and no text
 * becomes HTML: what people call themselves is shown to staff.
 * @param part the folder in web/ with its main.ts
 */
export function createShell(part: string, { assets, facts, base }: Shell): Page {
  const imports = JSON.stringify({ imports: Object.fromEntries(Object.entries(libraries).map(([name, path]) => [name, base + path])) });
  return createFile(write(part, { assets, facts, base, imports }), {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policyWith(imports),
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  });
}

function write(part: string, { assets, facts, base, imports }: Shell & { readonly imports: string }): string {
  const scripts = [...assets.files.keys()].filter((path) => /^(kit|lib)\//.test(path) || path.startsWith(`${part}/`));
  const main = scripts.find((path) => path.startsWith(`${part}/main.`)) ?? '';
  const preloads = scripts.filter((path) => /\.[jt]s$/.test(path)).map((path) => `<link rel="modulepreload" href="${base}${path}">`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(facts.product)}</title>
<link rel="icon" href="${facts.logo ?? 'data:,'}">
<link rel="stylesheet" href="${base}kit/style.css">
<link rel="stylesheet" href="${base}theme.css">
<script type="importmap">${imports}</script>
${preloads.join('\n')}
<script type="module" src="${base}${main}"></script>
</head>
<body>
<div id="app"></div>
<noscript><main class="narrow"><h1>${escapeHtml(facts.product)}</h1><p>This page needs JavaScript.</p></main></noscript>
<script type="application/json" id="facts">${JSON.stringify(facts).replaceAll('<', '\\u003c')}</script>
</body>
</html>
`;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const policyWith = (imports: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${hashOf(imports)}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'", // a form that a script does not handle would put a password into the address
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
