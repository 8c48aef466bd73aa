import { defineEntity, p } from '@mikro-orm/core';
import { UserRepository } from './user.repository.ts';

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  repository: () => UserRepository,
  indexes: [{ name: 'users_email_lower_index', expression: 'create index users_email_lower_index on users (lower(email))' }],
  properties: {
    id: p.integer().primary(),
    username: p.string().length(150).unique(),
    /** Unique case-insensitively among people who registered here; null for an imported namesake. */
    canonicalUsername: p.text().nullable().unique().hidden().lazy(),
    email: p.string().length(254).default(''),
    firstName: p.string().length(150).default(''),
    lastName: p.string().length(150).default(''),
    passwordHash: p.string().length(255).hidden().lazy(),
    /** Whether a link sent to `email` was opened. */
    emailVerified: p.boolean().default(false),
    isActive: p.boolean().default(true),
    isStaff: p.boolean().default(false),
    isSuperuser: p.boolean().default(false),
    dateJoined: p.datetime().defaultRaw('now()'),
    lastLogin: p.datetime().nullable(),
  },
});

/** Someone who can log in: Django's `auth_user`, column for column. */
export class User extends UserSchema.class {}
UserSchema.setClass(User);
