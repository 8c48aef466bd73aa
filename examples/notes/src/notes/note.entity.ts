import { defineEntity, p } from '@mikro-orm/core';
import { blank, type Problem } from '../field-errors.ts';
import { problemsOfText } from '../text.ts';
import { User } from '../users/user.entity.ts';
import { NoteRepository } from './note.repository.ts';

/** Characters. */
const MAX_LENGTH = 1000;

const NoteSchema = defineEntity({
  name: 'Note',
  tableName: 'notes',
  repository: () => NoteRepository,
  indexes: [{ properties: ['user', 'id'] }],
  properties: {
    id: p.bigint('string').primary(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    text: p.string().length(MAX_LENGTH),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** What somebody wants to remember. */
export class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

/** What keeps a text from being a note. */
export const problemsOfNote = (text: string): Problem[] => (text.trim() === '' ? [blank] : problemsOfText(text, MAX_LENGTH));
