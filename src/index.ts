import '@pothos/plugin-scope-auth'; // and with it what it adds to Pothos's types, which declarations leave out
import '@pothos/plugin-with-input'; // the same
import './graphql/field-rules.ts'; // the same

export { type App, defineApp } from './define-app.ts';
export { publish } from './features/topics/publish.ts';
export { PublicUserType, UserType } from './features/users/user.graphql.ts';
export { User } from './features/users/user.ts';
export { eventTypes } from './features/users/user-events.ts';
export { builder } from './graphql/builder.ts';
export { connectionOf, connectionType, idCursor, type Page, pageArgs, pageById, pageSize } from './graphql/connection.ts';
export type { Context, Deps, Viewer } from './graphql/context.ts';
export { MutationPayload, type Payload, plainPayload } from './graphql/payload.ts';
export { badArgument, forbidden, unauthenticated } from './shared/errors.ts';
export type { Delivered, EventType, Feature, Happening, Hooks, Limits, Listeners, Scopes, Sweep, Topic } from './shared/feature.ts';
export { blank, type FieldError, onField, type Problem, refuse } from './shared/field-errors.ts';
export type { Letter, LetterFacts, WriteLetter } from './shared/letter.ts';
export { notFound, ok, statuses } from './shared/statuses.ts';
export { lengthOf, problemsOfText } from './shared/text.ts';
export type { UserColumn, UserColumns } from './shared/user-column.ts';
