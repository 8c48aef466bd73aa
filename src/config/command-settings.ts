import type { Environment } from './config.ts';

/** The variables that only commands read. */
export const commandVariables = ['SUPERUSER_USERNAME', 'SUPERUSER_EMAIL', 'SUPERUSER_PASSWORD', 'NEW_PASSWORD', 'DJANGO_DATABASE_URL'];

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
