import { z } from 'zod';
import { documentation, type Environment } from './variable.ts';

const text = z.string();

/** The variables that only commands read. */
export const commandVariables = {
  SUPERUSER_USERNAME: text.optional().register(documentation, {
    what: 'The username for `createsuperuser --noinput`.',
    example: 'admin',
    otherwise: 'none',
  }),
  SUPERUSER_EMAIL: text.optional().register(documentation, {
    what: 'Its email address; may be empty.',
    example: 'admin@example.com',
    otherwise: 'none',
  }),
  SUPERUSER_PASSWORD: text.optional().register(documentation, { what: 'Its password.', example: '', otherwise: 'none' }),
  NEW_PASSWORD: text.optional().register(documentation, {
    what: 'The new password for `changepassword --noinput`.',
    example: '',
    otherwise: 'none',
  }),
  DJANGO_DATABASE_URL: text.optional().register(documentation, {
    what: 'The database of a Django site, for `import-django` and `export-django`.',
    more: 'Use it when the URL has a password. See [from-django.md](from-django.md).',
    example: 'postgres://user:password@localhost:5432/site',
    otherwise: 'none',
  }),
};

/** Who a superuser is to be, as far as the environment says. */
export type SuperuserSettings = {
  readonly username: string | undefined;
  readonly email: string | undefined;
  readonly password: string | undefined;
};

/**
 * Reads what `createsuperuser --noinput` takes from the environment. Apart from the configuration, so that a server never holds the
 * password. Unlike there, an empty variable counts as given, as it does for Django: `SUPERUSER_EMAIL=` says that there is no address.
 */
export const loadSuperuserSettings = (env: Environment): SuperuserSettings => ({
  username: env.SUPERUSER_USERNAME,
  email: env.SUPERUSER_EMAIL,
  password: env.SUPERUSER_PASSWORD,
});

/** What `changepassword --noinput` takes from the environment; an empty variable counts as given. */
export const loadNewPassword = (env: Environment): string | undefined => env.NEW_PASSWORD;
