import { extname } from 'node:path';
import { z } from 'zod';
import { flag } from './values.ts';
import { documentation } from './variable.ts';

/** The pages that the server has for people, and how they look. */
export type PageSettings = {
  /** Whether /account is there. */
  readonly account: boolean;
  /** Whether /admin is there. */
  readonly admin: boolean;
  /** As people call what they sign in to. */
  readonly productName: string;
  /** The path of an image; undefined: none. */
  readonly logo: string | undefined;
  /** As in `#2457c5`. */
  readonly color: string;
};

/** What a logo may be, by the end of its name. */
export const logoTypes: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
};

const isOrigin = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;

/** The variables about the pages. */
export const pageVariables = {
  PAGES: flag.prefault('true').register(documentation, {
    what: 'Whether people find pages for their account at `/account`: to sign in, register, reset a password and look after devices.',
    more: 'See [pages.md](pages.md).',
    inProduction: 'false',
  }),
  ADMIN: flag.prefault('true').register(documentation, {
    what: 'Whether staff find pages at `/admin` that look after users.',
    inProduction: 'false',
  }),
  PUBLIC_URL: z.string().refine(isOrigin, 'must be an origin like https://auth.example.com').optional().register(documentation, {
    what: 'Where people reach this server. With `PAGES`, the links in mails lead there.',
    example: 'https://auth.example.com',
    otherwise: '`http://localhost:<PORT>`; in production none',
  }),
  PRODUCT_NAME: z
    .string()
    .regex(/^\P{Cc}{1,60}$/u, 'must have 1 to 60 characters')
    .prefault('graphql-token-auth')
    .register(documentation, { what: 'The name that the pages show, and that the letters of an app may use.', example: 'Example' }),
  PRODUCT_LOGO: z
    .string()
    .refine((file) => extname(file).toLowerCase() in logoTypes, `must be a file that ends in ${Object.keys(logoTypes).join(', ')}`)
    .optional()
    .register(documentation, {
      what: 'An image file that the pages show beside the name.',
      example: '/etc/auth/logo.svg',
      otherwise: 'none',
    }),
  PRODUCT_COLOR: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #2457c5')
    .prefault('#2457c5')
    .register(documentation, { what: 'The colour of buttons and highlights on the pages.', example: '#2457c5' }),
};

const shape = z.object(pageVariables);

/** The settings; null: the server has no pages. */
export function pageSettings(values: z.output<typeof shape>): PageSettings | null {
  if (!values.PAGES && !values.ADMIN) return null;
  return {
    account: values.PAGES,
    admin: values.ADMIN,
    productName: values.PRODUCT_NAME,
    logo: values.PRODUCT_LOGO,
    color: values.PRODUCT_COLOR,
  };
}
