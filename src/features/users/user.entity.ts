import { defineEntity, p } from '@mikro-orm/core';
import { UserRepository } from './user.repository.ts';
import { userKeys } from './user-order.ts';
import { searchedTexts } from './user-search.ts';

const index = (name: string, columns: string) => ({ name, expression: `create index ${name} on users (${columns})` });

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  repository: () => UserRepository,
  indexes: [
    index('users_email_fold_index', 'fold_case(email)'),
    ...Object.entries(userKeys).map(([name, key]) => index(`users_by_${name}_index`, `is_active, is_staff, ${key.sql}, id`)),
    ...Object.entries(searchedTexts).map(([name, text]) => index(`users_search_${name}_index`, `${text} text_pattern_ops`)),
  ],
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
