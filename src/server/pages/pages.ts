import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { logoTypes, type PageSettings } from '../../config/pages.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { createFile, type Page } from '../http/file.ts';
import { type Asset, readAssets } from './modules.ts';
import { createShell, type Facts } from './shell.ts';
import { themeOf } from './theme.ts';

type Options = { readonly settings: PageSettings; readonly facts: Omit<Facts, 'product' | 'logo' | 'account' | 'admin'> };

/** Finds the page, or the part of one, at a path; undefined: there is none. */
export type FindPage = (path: string) => Page | undefined;

const ASSETS = '/assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The pages for people. Their files are read when the first of them is asked for. @throws OperatorError when there is no such logo */
export function createPages({ settings, facts }: Options): FindPage {
  const logo = readLogo(settings.logo);
  let opened: FindPage | undefined;
  const parts = [...(settings.account ? ['account'] : []), ...(settings.admin ? ['admin'] : [])];
  const isOurs = (path: string) => path.startsWith(ASSETS) || parts.some((part) => path === `/${part}` || path.startsWith(`/${part}/`));
  return (path) => {
    if (!isOurs(path)) return undefined;
    opened ??= open({ settings, facts, logo, parts });
    return opened(path);
  };
}

type Opening = Options & { readonly logo: [string, Asset] | undefined; readonly parts: readonly string[] };

function open({ settings, facts, logo, parts }: Opening): FindPage {
  const theme: [string, Asset] = ['theme.css', { type: 'text/css; charset=utf-8', content: themeOf(settings.color) }];
  const assets = readAssets(new Map(logo ? [theme, logo] : [theme]));
  const base = `${ASSETS}${assets.version}/`;
  const { account, admin, productName: product } = settings;
  const shown = { ...facts, account, admin, product, logo: logo ? base + logo[0] : null };
  const shells = new Map(parts.map((part) => [part, createShell(part, { assets, facts: shown, base })]));
  const files = new Map([...assets.files].map(([path, asset]) => [path, filesOf(asset)]));
  return (path) => {
    const [, top = '', version, ...rest] = path.split('/');
    if (top !== 'assets') return shells.get(top);
    const file = files.get(rest.join('/'));
    return version === assets.version ? file?.lasting : file?.passing;
  };
}

/** During an upgrade, a page of one version may ask a node of the other for its files: it gets what there is, and does not keep it. */
function filesOf({ type, content }: Asset) {
  const headers = { 'Content-Type': type, 'Cross-Origin-Resource-Policy': 'same-origin' };
  return { lasting: createFile(content, { ...headers, 'Cache-Control': FOR_EVER }), passing: createFile(content, headers) };
}

function readLogo(file: string | undefined): [string, Asset] | undefined {
  if (file === undefined) return undefined;
  const end = extname(file).toLowerCase();
  try {
    return [`logo${end}`, { type: logoTypes[end] ?? '', content: readFileSync(file) }];
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? error.code : error;
    throw new OperatorError(`PRODUCT_LOGO names a file that cannot be read (${cause}): ${file}`, { code: 'CONFIGURATION_INVALID' });
  }
}
