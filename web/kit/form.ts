import { type ComponentChildren, createContext, h, type TargetedEvent } from 'preact';
import { useContext, useEffect, useId, useRef, useState } from 'preact/hooks';
import { isDone, type Payload } from './api.ts';
import { asFailure, usePending } from './hooks.ts';
import { Notice } from './parts.ts';
import { sentenceOf, sentenceOfFailure } from './sentences.ts';
import { texts } from './texts.ts';

/** What was typed, by the names of the fields. */
export type Values = Readonly<Record<string, string>>;

type Errors = readonly { readonly field: string | null; readonly message: string }[];

const Context = createContext<{ readonly errors: Errors; readonly pending: boolean }>({ errors: [], pending: false });

type FormProps<Answer extends Payload> = {
  /** What the button says. */
  readonly submit: string;
  readonly send: (values: Values) => Promise<Answer>;
  /** Called when the server did it. */
  readonly onDone: (answer: Answer, values: Values) => void;
  /** Set when the act cannot be undone. */
  readonly danger?: boolean;
  /** Whether the fields become empty when it is done. */
  readonly resets?: boolean;
  readonly children?: ComponentChildren;
  /** Besides the button. */
  readonly more?: ComponentChildren;
};

/** A form that is sent once at a time and shows what is wrong where it is wrong. */
export function Form<Answer extends Payload>({ submit, send, onDone, danger, resets, children, more }: FormProps<Answer>) {
  const form = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<Errors>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [run, pending] = usePending(async (values: Values) => {
    setProblem(null);
    setErrors([]);
    try {
      const answer = await send(values);
      setErrors(answer.errors.map(({ field, code, message }) => ({ field, message: texts.fieldErrors[code] ?? message })));
      if (!isDone(answer)) return setProblem(answer.errors.some(({ field }) => field !== null) ? texts.invalid : sentenceOf(answer.status));
      if (resets) form.current?.reset();
      onDone(answer, values);
    } catch (error) {
      setProblem(sentenceOfFailure(asFailure(error)));
    }
  });
  useEffect(() => {
    if (errors.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [errors]);
  const onSubmit = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const empty = [...event.currentTarget.querySelectorAll('input')].filter(({ required, value }) => required && value === '');
    if (empty.length === 0) return run(valuesOf(event.currentTarget));
    setProblem(texts.invalid);
    setErrors(empty.map(({ name }) => ({ field: name, message: texts.blank })));
  };
  const loose = errors.filter(({ field }) => field === null || !form.current?.elements.namedItem(field));
  return h(
    Context.Provider,
    { value: { errors, pending } },
    h(
      'form',
      { ref: form, onSubmit, noValidate: true, 'aria-busy': pending },
      problem && h(Notice, { kind: 'error' }, problem),
      loose.map(({ message }) => h(Notice, { kind: 'error' }, message)),
      children,
      h('div', { class: 'buttons' }, h(Submit, { label: submit, danger }), more),
    ),
  );
}

const valuesOf = (form: HTMLFormElement): Values =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']));

function Submit({ label, danger = false }: { readonly label: string; readonly danger?: boolean | undefined }) {
  const { pending } = useContext(Context);
  return h('button', { class: danger ? 'danger' : 'primary', 'aria-disabled': pending }, pending && h('span', { class: 'spinner' }), label);
}

type FieldProps = {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'datetime-local';
  readonly autocomplete?: string;
  readonly value?: string;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly autofocus?: boolean;
  readonly placeholder?: string;
  /** Does not say that it is optional, as where that goes without saying. */
  readonly bare?: boolean;
};

/** A labelled input with its hint and what the server says against it. */
export function Field({
  label,
  name,
  type = 'text',
  autocomplete = 'off',
  value,
  hint,
  optional = false,
  autofocus = false,
  placeholder,
  bare = false,
}: FieldProps) {
  const { errors } = useContext(Context);
  const [shown, setShown] = useState(false);
  const id = useId();
  const mine = errors.filter(({ field }) => field === name).map(({ message }) => message);
  const about = [...(mine.length > 0 ? [`${id}-error`] : []), ...(hint ? [`${id}-hint`] : [])].join(' ');
  const isSecret = type === 'password';
  const input = h('input', {
    id,
    name,
    type: isSecret && shown ? 'text' : type,
    autocomplete,
    ...(value !== undefined && { defaultValue: value }),
    required: !optional,
    autofocus,
    placeholder,
    spellcheck: false,
    autocapitalize: 'none',
    'aria-invalid': mine.length > 0,
    ...(about && { 'aria-describedby': about }),
  });
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label, optional && !bare && h('span', { class: 'quiet' }, ` ${texts.optional}`)),
    isSecret ? h('div', { class: 'secret' }, input, h(Reveal, { shown, onToggle: () => setShown(!shown), label })) : input,
    mine.length > 0 && h('p', { id: `${id}-error`, class: 'wrong' }, mine.join(' ')),
    hint && h('p', { id: `${id}-hint`, class: 'hint' }, hint),
  );
}

function Reveal({ shown, onToggle, label }: { readonly shown: boolean; readonly onToggle: () => void; readonly label: string }) {
  const text = shown ? texts.hide : texts.show;
  return h('button', { type: 'button', class: 'plain', onClick: onToggle, 'aria-label': `${text}: ${label}` }, text);
}

type CheckProps = {
  readonly label: string;
  readonly name: string;
  readonly value?: string;
  readonly checked?: boolean;
  readonly hint?: string;
};

export function Check({ label, name, value = 'yes', checked = false, hint }: CheckProps) {
  const id = useId();
  return h(
    'div',
    { class: 'check' },
    h('input', { id, name, value, type: 'checkbox', defaultChecked: checked, ...(hint && { 'aria-describedby': `${id}-hint` }) }),
    h('label', { for: id }, label),
    hint && h('p', { id: `${id}-hint`, class: 'hint' }, hint),
  );
}
