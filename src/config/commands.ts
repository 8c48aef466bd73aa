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
    what: 'The email address for the same; may be empty.',
    example: 'admin@example.com',
    otherwise: 'none',
  }),
  SUPERUSER_PASSWORD: text.optional().register(documentation, { what: 'The password for the same.', example: '', otherwise: 'none' }),
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

/** The superuser that the environment describes. */
export type SuperuserSettings = {
  readonly username: string | undefined;
  readonly email: string | undefined;
  readonly password: string | undefined;
};

/**
 * Reads the variables of `createsuperuser --noinput`. They are not part of the configuration, so that a server never holds the password.
 * Here an empty variable counts as set, as it does for Django: `SUPERUSER_EMAIL=` means that there is no address.
 */
export const loadSuperuserSettings = (env: Environment): SuperuserSettings => ({
  username: env.SUPERUSER_USERNAME,
  email: env.SUPERUSER_EMAIL,
  password: env.SUPERUSER_PASSWORD,
});

/** Reads the variable of `changepassword --noinput`; an empty one counts as set. */
export const loadNewPassword = (env: Environment): string | undefined => env.NEW_PASSWORD;
