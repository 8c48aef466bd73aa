import { type SubmitEvent, useEffect, useRef } from 'react';
import { Page } from './page.tsx';

const fields = {
  username: { label: 'Username', input: { autoComplete: 'username' } },
  email: { label: 'Email address', input: { autoComplete: 'email', type: 'email' } },
  password: { label: 'Password', input: { autoComplete: 'current-password', type: 'password' } },
  newPassword: { label: 'New password', input: { autoComplete: 'new-password', type: 'password' } },
};
type Name = keyof typeof fields;

/** What every mutation answers with. */
type Outcome = { status: { ok: boolean; message: string }; errors: { field: string | null; message: string }[] };

type Props = {
  /** What it is about, and what the button says. */
  readonly title: string;
  readonly asks: readonly Name[];
  /** What the mutation came to. */
  readonly answer: Outcome | Error | null | undefined;
  /** What to say first. */
  readonly notice?: string | null;
  readonly onSubmit: (values: Record<Name, string>) => unknown;
};

/** A page with a form that shows each error beside its field, and the others above the button. */
export function Form({ title, asks, answer, notice, onSubmit }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (answer) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [answer]);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const value = (name: Name) => String(data.get(name) ?? '');
    onSubmit({ username: value('username'), email: value('email'), password: value('password'), newPassword: value('newPassword') });
  };
  const outcome = answer instanceof Error ? undefined : answer;
  const wrong = Map.groupBy(outcome?.errors ?? [], ({ field }) => asks.find((name) => name === field));
  const errors = (name?: Name) => wrong.get(name)?.map(({ message }) => `${message} `);
  const message = errors() ?? outcome?.status.message;
  return (
    <Page title={title} failed={answer instanceof Error}>
      {notice && <p role="status">{notice}</p>}
      {/* The browser does not validate: the server knows the rules, and says all that is wrong at once. */}
      <form ref={form} onSubmit={submit} noValidate>
        {asks.map((name) => (
          <div key={name}>
            <label htmlFor={name}>{fields[name].label}</label>
            <input id={name} name={name} {...fields[name].input} aria-invalid={wrong.has(name)} aria-describedby={`${name}-errors`} />
            <p id={`${name}-errors`}>{errors(name)}</p>
          </div>
        ))}
        {message && <p role={outcome?.status.ok ? 'status' : 'alert'}>{message}</p>}
        <button type="submit">{title}</button>
      </form>
      <nav>
        <a href="/">Sign in</a> <a href="/sign-up">Sign up</a> <a href="/reset-password">Forgot your password?</a>
      </nav>
    </Page>
  );
}
