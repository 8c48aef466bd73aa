import {
  builder,
  connectionOf,
  connectionType,
  idCursor,
  MutationPayload,
  ok,
  onField,
  type Payload,
  pageArgs,
  pageSize,
  statuses,
} from 'graphql-token-auth';
import { Note, problemsOfNote } from './note.ts';

const NoteType = builder.objectRef<Note>('Note').implement({
  description: 'A text that a person wants to remember.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Larger for later notes.' }),
    text: t.exposeString('text', { description: 'What it says.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written.' }),
  }),
});

const NoteConnection = connectionType('Note', NoteType);

builder.queryField('notes', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Your notes, the latest first.',
    type: NoteConnection,
    nullable: true,
    args: pageArgs,
    resolve: async (_root, { first, after }, { deps, viewer }) => {
      const size = pageSize(first);
      const page = { after: idCursor(after), limit: size + 1 };
      return connectionOf(await deps().em.getRepository(Note).latest(viewer.userId, page), size, ({ id }) => id);
    },
  }),
);

const CreateNotePayload = builder.objectRef<Payload & { readonly note?: Note }>('CreateNotePayload').implement({
  description: 'The outcome of createNote.',
  interfaces: [MutationPayload],
  fields: (t) => ({ note: t.expose('note', { type: NoteType, nullable: true, description: 'The note; null after a failure.' }) }),
});

builder.mutationField('createNote', (t) =>
  t.withAuth({ authenticated: true }).fieldWithInput({
    description: 'Writes a note, which only its author can read.',
    type: CreateNotePayload,
    nullable: true,
    typeOptions: { description: 'A new note.' },
    argOptions: { description: 'The note to write.' },
    input: { text: t.input.string({ description: 'What it says; at most 1000 characters, not blank.' }) },
    resolve: async (_root, { input: { text } }, { deps, viewer }) => {
      const errors = onField('text', problemsOfNote(text));
      if (errors.length > 0) return { status: statuses.invalidInput, errors };
      return { status: ok('Note created'), note: await deps().em.getRepository(Note).add(viewer.userId, text) };
    },
  }),
);
