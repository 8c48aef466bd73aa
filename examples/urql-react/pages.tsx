import { useMutation } from 'urql';
import { Form } from '../shared/form.tsx';
import * as documents from '../shared/operations.generated.ts';
import { beginSession, useSession } from '../shared/session.ts';

export function SignIn() {
  const [{ data, error }, login] = useMutation(documents.LoginDocument);
  return (
    <Form
      title="Sign in"
      asks={['username', 'password']}
      answer={data?.login ?? error}
      notice={useSession().notice}
      onSubmit={async ({ username, password }) => {
        const { data } = await login({ input: { username, password } });
        beginSession(data?.login.token);
      }}
    />
  );
}

export function SignUp() {
  const [{ data, error }, register] = useMutation(documents.RegisterDocument);
  return (
    <Form
      title="Sign up"
      asks={['username', 'email', 'password']}
      answer={data?.register ?? error}
      onSubmit={async ({ username, email, password }) => {
        const { data } = await register({ input: { username, email, password } });
        beginSession(data?.register.token);
      }}
    />
  );
}

export function ForgotPassword() {
  const [{ data, error }, request] = useMutation(documents.RequestPasswordResetDocument);
  return (
    <Form
      title="Mail me a link to a new password"
      asks={['email']}
      answer={data?.requestPasswordReset ?? error}
      onSubmit={({ email }) => request({ email })}
    />
  );
}

/** @param token from the link in the mail, as below */
export function ResetPassword({ token }: { token: string }) {
  const [{ data, error }, reset] = useMutation(documents.ResetPasswordDocument);
  return (
    <Form
      title="Set a new password"
      asks={['newPassword']}
      answer={data?.resetPassword ?? error}
      onSubmit={({ newPassword }) => reset({ input: { token, newPassword } })}
    />
  );
}

/** Waits for a click: programs that read mail open links as well. */
export function VerifyEmail({ token }: { token: string }) {
  const [{ data, error }, verify] = useMutation(documents.VerifyEmailDocument);
  return <Form title="Confirm my email address" asks={[]} answer={data?.verifyEmail ?? error} onSubmit={() => verify({ token })} />;
}
